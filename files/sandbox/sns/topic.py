"""Topic attributes as AWS tells and checks them."""

from __future__ import annotations

import json

from moto.core.responses import ActionResult
from moto.sns import urls
from moto.sns.exceptions import SNSInvalidParameter
from moto.sns.responses import SNSResponse


class TopicResponse(SNSResponse):
    """moto's SNS API, with counted subscriptions, checked policies, and without the delivery policy nobody has set."""

    def set_topic_attributes(self) -> ActionResult:
        """Answer SetTopicAttributes; a policy that is no JSON object is refused, where moto fails."""
        if self._get_param("AttributeName") == "Policy" and not _is_policy(self._get_param("AttributeValue")):
            raise SNSInvalidParameter("Invalid parameter: Policy Error: null")
        return super().set_topic_attributes()

    def get_topic_attributes(self) -> ActionResult:
        """Answer GetTopicAttributes."""
        answer = super().get_topic_attributes()
        assert isinstance(answer.result, dict)
        attributes = answer.result["Attributes"]
        if not attributes["DeliveryPolicy"]:
            del attributes["DeliveryPolicy"]
        topic = self.backend.get_topic(attributes["TopicArn"])
        attributes["SubscriptionsConfirmed"] = len(self.backend._get_topic_subscriptions(topic))
        return answer


def install() -> None:
    """Answer the SNS API here."""
    urls.url_paths["{0}/$"] = TopicResponse.dispatch


def _is_policy(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False

"""EC2: Amazon's own images.

AWS offers Amazon Linux in every Region, and an image's CreationDate is the day of its release.
moto has no such image in the youngest Regions, in China and in GovCloud, and dates all images from its own start.
Of the images moto has, the 1,250 for ECS are left out: they take most of a Region's first answer to make, and nothing here needs them.
"""

from __future__ import annotations

import functools
import hashlib
import re
from datetime import UTC, datetime
from typing import Any

from moto.ec2.models import EC2Backend
from moto.ec2.models.amis import AMIS, Ami, AmiBackend
from moto.utilities.utils import load_resource

from .methods import replace

Image = dict[str, Any]

MODEL_REGION = "us-east-1"
RELEASE_DAY = re.compile(r"\.(20\d{6})\.")


def install() -> None:
    """Load the images of a Region here instead of in moto."""
    replace(AmiBackend, "_load_amis", load_images)


def load_images(backend: EC2Backend) -> None:
    """Give a Region moto's old images and the latest Amazon Linux."""
    for image in (*AMIS, *latest_images(backend.region_name)):
        dates = {"creation_date": released(image["name"])}
        backend.amis[image["ami_id"]] = Ami(backend, **{**image, **dates, "owner_alias": "amazon"})


@functools.cache
def latest_images(region: str) -> list[Image]:
    """The Amazon Linux images of a Region; where moto knows none, those of MODEL_REGION under IDs of their own."""
    try:
        images: list[Image] = load_resource(f"ec2/resources/latest_amis/{region}.json")
    except FileNotFoundError:
        return [{**image, "ami_id": image_id(region, image["name"])} for image in latest_images(MODEL_REGION)]
    return images


def image_id(region: str, name: str) -> str:
    """An image's ID, always the same for a Region and a name."""
    return f"ami-0{hashlib.sha256(f'{region} {name}'.encode()).hexdigest()[:16]}"


def released(name: str) -> datetime | None:
    """The day of release that an Amazon Linux image's name tells; None when it tells none."""
    day = RELEASE_DAY.search(name)
    return datetime.strptime(day.group(1), "%Y%m%d").replace(tzinfo=UTC) if day else None

const POLL_MILLISECONDS = 1000;
const NEAR_END_PIXELS = 160;

const messages = document.getElementById("messages");
const status = document.getElementById("status");
const newest = document.getElementById("newest");
const title = document.title;
let unread = 0;

function atEnd() {
  const page = document.documentElement;
  return page.scrollHeight - page.scrollTop - page.clientHeight < NEAR_END_PIXELS;
}

function scrollToEnd() {
  window.scrollTo({ top: document.documentElement.scrollHeight });
  newest.hidden = true;
}

function showUnread(count) {
  unread = count;
  document.title = unread ? `(${unread}) ${title}` : title;
}

function apply(update) {
  const wasAtEnd = atEnd();
  const added = update.replace ? update.last : update.last - Number(messages.dataset.last);
  if (update.replace) {
    messages.replaceChildren();
  }
  messages.insertAdjacentHTML("beforeend", update.html);
  messages.dataset.generation = update.generation;
  messages.dataset.last = update.last;
  if (added === 0) {
    return;
  }
  for (const article of [...messages.querySelectorAll("article")].slice(-added)) {
    article.classList.add("arrived");
  }
  if (document.hidden) {
    showUnread(unread + added);
  }
  if (wasAtEnd) {
    scrollToEnd();
  } else {
    newest.hidden = false;
  }
}

async function poll() {
  const query = new URLSearchParams({ generation: messages.dataset.generation, after: messages.dataset.last });
  try {
    const response = await fetch(`/slack/api/updates?${query}`);
    const update = await response.json();
    if (update.replace || update.last > Number(messages.dataset.last)) {
      apply(update);
    }
    showStatus(true);
  } catch {
    showStatus(false);
  }
  setTimeout(poll, POLL_MILLISECONDS);
}

function showStatus(live) {
  status.textContent = live ? "Live" : "Sandbox stopped";
  status.classList.toggle("stopped", !live);
}

newest.addEventListener("click", (event) => {
  event.preventDefault();
  scrollToEnd();
});
document.addEventListener("scroll", () => {
  if (atEnd()) {
    newest.hidden = true;
  }
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) {
    showUnread(0);
  }
});

if (!location.hash) {
  scrollToEnd();
}
poll();

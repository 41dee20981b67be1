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

function shownArticles() {
  return [...messages.querySelectorAll("article")];
}

function show(update) {
  if (update.replace) {
    messages.replaceChildren();
  }
  for (const thread of update.changed) {
    document.getElementById(thread.id).outerHTML = thread.html;
  }
  messages.insertAdjacentHTML("beforeend", update.html);
  messages.dataset.generation = update.generation;
  messages.dataset.last = update.last;
}

function apply(update) {
  const wasAtEnd = atEnd();
  const before = new Map(update.replace ? [] : shownArticles().map((article) => [article.id, article.innerHTML]));
  show(update);
  const fresh = shownArticles().filter((article) => before.get(article.id) !== article.innerHTML);
  const added = fresh.filter((article) => !before.has(article.id));
  for (const article of fresh) {
    article.classList.add("arrived");
  }
  if (document.hidden) {
    showUnread(unread + added.length);
  }
  if (wasAtEnd) {
    scrollToEnd();
  } else if (added.some((article) => article.getBoundingClientRect().top > window.innerHeight)) {
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

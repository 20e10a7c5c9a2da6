/* The mailbox works without this file. With it, new mail appears by itself, a mail's
   frame is as high as the mail, the arrow keys walk the list, and a mail in a file can
   be dropped anywhere. */

const mailbox = document.querySelector("[data-mailbox]");
const ASK_EVERY = 2000;

/* New mail */

let known = null;
let isPressing = false;

/* A click begins and ends on the same element; nothing is exchanged meanwhile. */
document.addEventListener("pointerdown", () => {
  isPressing = true;
});
for (const name of ["pointerup", "pointercancel"]) {
  document.addEventListener(name, () => {
    isPressing = false;
  });
}

async function lookForNews() {
  if (document.hidden || isPressing) return;
  const answer = await fetch(mailbox.dataset.newsUrl, { cache: "no-store" });
  if (!answer.ok) return;
  const news = await answer.json();
  const changed = JSON.stringify(news);
  if (known === null || changed !== known) {
    const isFirst = known === null;
    known = changed;
    if (!isFirst) await refreshPanes();
  }
}

async function refreshPanes() {
  const answer = await fetch(window.location.href, { cache: "no-store" });
  if (!answer.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const pane of mailbox.querySelectorAll("[data-pane]")) {
    const replacement = fresh.querySelector(`[data-pane="${pane.dataset.pane}"]`);
    if (replacement && replacement.innerHTML !== pane.dataset.shown) {
      pane.dataset.shown = replacement.innerHTML;
      replaceKeepingPlace(pane, replacement);
    }
  }
  announce();
}

function replaceKeepingPlace(pane, replacement) {
  const focused = pane.contains(document.activeElement) ? document.activeElement : null;
  const href = focused && focused.getAttribute("href");
  const { scrollTop } = pane;
  const isClosed = pane.querySelector("details:not([open])") !== null;
  pane.replaceChildren(...replacement.childNodes);
  if (isClosed) pane.querySelector("details")?.removeAttribute("open");
  pane.scrollTop = scrollTop;
  if (href) pane.querySelector(`a[href="${CSS.escape(href)}"]`)?.focus();
}

function announce() {
  const unread = mailbox.querySelectorAll(".mail-row.is-unread").length;
  mailbox.querySelector("[data-announcer]").textContent =
    unread === 1 ? "1 unread mail" : `${unread} unread mails`;
}

function keepLooking() {
  lookForNews()
    .catch(() => {
      /* The site is being restarted; it will answer next time. */
    })
    .finally(() => window.setTimeout(keepLooking, ASK_EVERY));
}

keepLooking();

/* What became of a mail stands below it as soon as the task queue has come to it. */

if (mailbox.querySelector("[data-waiting]")) {
  let triesLeft = 15;
  const waitForOutcome = async () => {
    await refreshPanes().catch(() => {});
    triesLeft -= 1;
    if (triesLeft > 0 && mailbox.querySelector("[data-waiting]")) {
      window.setTimeout(waitForOutcome, 1000);
    }
  };
  window.setTimeout(waitForOutcome, 1000);
}

/* The frame of a mail */

for (const frame of mailbox.querySelectorAll("[data-frame]")) {
  const fit = () => {
    const root = frame.contentDocument?.documentElement;
    if (!root) return;
    // A document is never lower than its frame, so the frame makes room first.
    frame.style.blockSize = "0";
    frame.style.blockSize = `${Math.ceil(root.scrollHeight) + 2}px`;
  };
  frame.addEventListener("load", fit);
  window.addEventListener("resize", fit);
  if (frame.contentDocument?.readyState === "complete") fit();
}

/* Arrow keys */

mailbox.addEventListener("keydown", (event) => {
  const list = event.target.closest("[data-arrow-keys]");
  if (!list || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  const links = [...list.querySelectorAll("a")];
  const step = event.key === "ArrowDown" ? 1 : -1;
  const next = links[links.indexOf(event.target) + step];
  if (next) {
    event.preventDefault();
    next.focus();
  }
});

/* Dropping a mail */

const dropForm = mailbox.querySelector("[data-drop]");

const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");

document.addEventListener("dragover", (event) => {
  if (!holdsFiles(event) || event.target.closest("input[type=file]")) return;
  event.preventDefault();
  mailbox.classList.add("is-dropping");
});

document.addEventListener("dragleave", (event) => {
  if (event.relatedTarget === null) mailbox.classList.remove("is-dropping");
});

document.addEventListener("drop", (event) => {
  mailbox.classList.remove("is-dropping");
  if (!holdsFiles(event) || event.target.closest("input[type=file]")) return;
  event.preventDefault();
  dropForm.querySelector("input[type=file]").files = event.dataTransfer.files;
  dropForm.submit();
});

/* A narrow screen begins with the list of people closed. */

if (window.matchMedia("(max-width: 48rem)").matches) {
  mailbox.querySelector(".people")?.removeAttribute("open");
}

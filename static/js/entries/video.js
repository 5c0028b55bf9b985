// @ts-check
/**
 * Keeps how far a person has watched: every 10 seconds, when they pause, leave or finish. Without it the page still
 * plays, starts where they stopped, and has a button "I have watched this".
 */

const EVERY = 10; // seconds

/** The token that our own pages carry, and other sites cannot read. */
const csrfToken = () => document.querySelector('meta[name="csrf-token"]')?.getAttribute("content") ?? "";

/** @param {HTMLVideoElement} video */
function keepProgress(video) {
  const { progressUrl = "", seconds = "0", length = "0" } = video.dataset;
  let kept = Number(seconds);
  let finished = false;

  /** @param {boolean} completed */
  function save(completed) {
    const at = Math.min(Math.floor(video.currentTime), Number(length));
    if (at === kept && !completed) return;
    kept = at;
    // keepalive: the last one is sent although the page is on its way out. sendBeacon could carry no CSRF header.
    fetch(progressUrl, {
      method: "PUT",
      keepalive: true,
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": csrfToken() },
      body: JSON.stringify({ seconds: at, completed }),
    })
      .then((answer) => {
        if (answer.ok && completed) sayWatched();
      })
      .catch(() => {
        kept = -1; // no signal: the next pause tries again
      });
  }

  video.addEventListener("timeupdate", () => {
    if (!video.paused && !video.seeking && Math.abs(video.currentTime - kept) >= EVERY) save(finished);
  });
  video.addEventListener("pause", () => {
    if (!video.ended) save(finished);
  });
  video.addEventListener("ended", () => {
    finished = true;
    save(true);
  });
  // A phone may end a hidden page without another word.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && video.currentTime > 0) save(finished);
  });
}

/** The button "I have watched this" gives way to the fact. */
function sayWatched() {
  document.querySelector("[data-mark-watched]")?.setAttribute("hidden", "");
  document.querySelector("[data-watched]")?.removeAttribute("hidden");
}

/**
 * The large button over the picture: "Carry on from 0:42".
 * @param {HTMLVideoElement} video
 */
function offerToCarryOn(video) {
  const button = document.querySelector("[data-carry-on]");
  const from = Number(video.dataset.seconds);
  if (!(button instanceof HTMLButtonElement) || !from) return;
  // The button lies where the caption of the still picture would be.
  const shown = [...video.textTracks].filter((track) => track.mode === "showing");
  for (const track of shown) track.mode = "hidden";
  button.hidden = false;
  button.addEventListener("click", () => {
    video.currentTime = from;
    video.focus();
    void video.play();
  });
  video.addEventListener(
    "play",
    () => {
      button.hidden = true;
      for (const track of shown) track.mode = "showing";
    },
    { once: true },
  );
}

for (const video of document.querySelectorAll("video[data-progress-url]")) {
  if (video instanceof HTMLVideoElement) {
    keepProgress(video);
    offerToCarryOn(video);
  }
}

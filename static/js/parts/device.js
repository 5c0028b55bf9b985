// @ts-check
// What this browser runs on, where no feature tells.

/** An iPhone or iPad; an iPad says that it is a Mac, but a Mac has no touch. */
export function iphone() {
  const { userAgent, maxTouchPoints } = navigator;
  return /iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1);
}

/** Opened from the Home Screen, as an app of its own. */
export function standalone() {
  return (
    window.matchMedia("(display-mode: standalone)").matches ||
    ("standalone" in navigator && navigator.standalone === true)
  );
}

// @ts-check
// Lock without signal: the phone forgets the key at once, and the server's session is locked before the next page is asked for.
import { holder, lock } from "./owner.js";
import { openStore } from "./store.js";

const WANTED = "lock-wanted"; // in the store "phone": whose session is still to be locked

/** @param {import("./store.js").Database} database */
export async function lockHere(database) {
  const person = await holder(database);
  await lock(database);
  if (person) await database.put("phone", person.person, WANTED);
}

/**
 * Lock the session that was to be locked, if there is one.
 * @returns {Promise<boolean>} whether pages may be asked for: false while it could not be done
 */
export async function settleLock() {
  const database = await openStore();
  try {
    const person = await database.get("phone", WANTED);
    if (!person) return true;
    const session = await fetch("/api/v1/session", { cache: "no-store" });
    if (!session.ok && session.status !== 401) return false;
    if (session.ok) {
      const { user, csrf_token: token } = await session.json();
      // Somebody else has signed in since: their session is not to be locked.
      if (user.id === person && !(await locked(token))) return false;
    }
    await database.delete("phone", WANTED);
    return true;
  } finally {
    database.close();
  }
}

/** @param {string} token */
async function locked(token) {
  const answer = await fetch("/api/v1/session/lock", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": token },
    body: "{}",
  });
  return answer.ok;
}

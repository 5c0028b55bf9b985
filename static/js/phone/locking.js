// @ts-check
// Lock without signal: the phone forgets the key at once, and the server's session is locked before the next page is asked for.
import { inTime } from "../parts/patience.js";
import { holder, lock, WANTED } from "./owner.js";
import { openStore } from "./store.js";

const TO_LOOK = 1500; // ms for the phone's own database: a broken or busy one must not stand between a person and every page
const TO_ASK = 8000;

/** @param {import("./store.js").Database} database */
export async function lockHere(database) {
  const person = await holder(database);
  await lock(database);
  if (person) await database.put("phone", person.person, WANTED);
}

/** Whether the server answers at all. */
export async function hasSignal() {
  try {
    return Boolean(await inTime(TO_ASK, (signal) => fetch("/healthz", { cache: "no-store", signal })));
  } catch {
    return false;
  }
}

/**
 * Lock the session that was to be locked, if there is one.
 * @returns {Promise<boolean>} whether pages may be asked for: false while it could not be done
 */
export async function settleLock() {
  const person = await wanted();
  if (!person) return true;
  try {
    const session = await inTime(TO_ASK, (signal) => fetch("/api/v1/session", { cache: "no-store", signal }));
    if (!session.ok && session.status !== 401) return false;
    if (session.ok) {
      const { user, csrf_token: token } = await session.json();
      // Somebody else has signed in since: their session is not to be locked.
      if (user.id === person && !(await locked(token))) return false;
    }
    const database = await openStore();
    await database.delete("phone", WANTED);
    database.close();
    return true;
  } catch {
    return false;
  }
}

/** Whose session is to be locked; nobody's when the phone cannot tell, or not soon. @returns {Promise<string | undefined>} */
function wanted() {
  const look = async () => {
    const database = await openStore();
    try {
      return await database.get("phone", WANTED);
    } finally {
      database.close();
    }
  };
  const late = new Promise((resume) => setTimeout(resume, TO_LOOK));
  return /** @type {Promise<string | undefined>} */ (Promise.race([look().catch(() => undefined), late]));
}

/** @param {string} token */
async function locked(token) {
  const headers = { "Content-Type": "application/json", "X-CSRF-Token": token };
  const how = { method: "POST", headers, body: "{}" };
  return (await inTime(TO_ASK, (signal) => fetch("/api/v1/session/lock", { ...how, signal }))).ok;
}

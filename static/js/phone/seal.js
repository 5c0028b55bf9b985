// @ts-check
// Sealed to a person: anybody can write with the public key, only the private key reads. Each text has a key of its own:
// an ephemeral P-256 key, ECDH, HKDF-SHA-256, AES-GCM-256. `about` (whose, which) is bound in, so that one sealed text cannot
// stand in for another.

const CURVE = { name: "ECDH", namedCurve: "P-256" };
const POINT = 65; // bytes of an uncompressed point
const NONCE = 12;

/** @param {string} text base64url, as the server gives keys */
export function bytesOf(text) {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}

/** @param {string} spki base64url */
export function publicKey(spki) {
  return crypto.subtle.importKey("spki", bytesOf(spki), CURVE, true, []);
}

/** @param {string} pkcs8 base64url. The key that comes out can be used and never be read again. */
export function privateKey(pkcs8) {
  return crypto.subtle.importKey("pkcs8", bytesOf(pkcs8), CURVE, false, ["deriveBits"]);
}

/**
 * @param {CryptoKey} to the person's public key
 * @param {unknown} value anything JSON takes
 * @param {string} about
 * @returns {Promise<Uint8Array>}
 */
export async function seal(to, value, about) {
  const once = /** @type {CryptoKeyPair} */ (await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]));
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", once.publicKey));
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE));
  const key = await shared(once.privateKey, to, point, "encrypt");
  const text = new TextEncoder().encode(JSON.stringify(value));
  const cipher = new Uint8Array(await crypto.subtle.encrypt(parameters(nonce, about), key, text));
  const sealed = new Uint8Array(POINT + NONCE + cipher.length);
  sealed.set(point);
  sealed.set(nonce, POINT);
  sealed.set(cipher, POINT + NONCE);
  return sealed;
}

/**
 * @param {CryptoKey} mine the private key
 * @param {Uint8Array} sealed
 * @param {string} about
 * @returns {Promise<any>}
 * @throws {Error} it is another's, or not whole
 */
export async function unseal(mine, sealed, about) {
  const point = sealed.slice(0, POINT);
  const from = await crypto.subtle.importKey("raw", point, CURVE, true, []);
  const key = await shared(mine, from, point, "decrypt");
  const nonce = sealed.slice(POINT, POINT + NONCE);
  const text = await crypto.subtle.decrypt(parameters(nonce, about), key, sealed.slice(POINT + NONCE));
  return JSON.parse(new TextDecoder().decode(text));
}

/**
 * @param {CryptoKey} mine
 * @param {CryptoKey} theirs
 * @param {Uint8Array<ArrayBuffer>} point
 * @param {"encrypt" | "decrypt"} use
 */
async function shared(mine, theirs, point, use) {
  const bits = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, mine, 256);
  const secret = await crypto.subtle.importKey("raw", bits, "HKDF", false, ["deriveKey"]);
  const how = {
    name: "HKDF",
    hash: "SHA-256",
    salt: point,
    info: new TextEncoder().encode("selfcare outbox 1"),
  };
  return crypto.subtle.deriveKey(how, secret, { name: "AES-GCM", length: 256 }, false, [use]);
}

/** @param {Uint8Array<ArrayBuffer>} nonce @param {string} about */
function parameters(nonce, about) {
  return { name: "AES-GCM", iv: nonce, additionalData: new TextEncoder().encode(about) };
}

/** A name for something that tells nothing about it. @param {string} text */
export async function fingerprint(text) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest).slice(0, 12)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// @ts-check
/**
 * Ask, and give up after a while: `inTime(8000, (signal) => fetch(path, {signal}))`. (Safari learnt AbortSignal.timeout in 16.)
 * @template T
 * @param {number} ms
 * @param {(signal: AbortSignal) => Promise<T>} ask
 * @returns {Promise<T>}
 * @throws {DOMException} AbortError, when it took longer
 */
export async function inTime(ms, ask) {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), ms);
  try {
    return await ask(late.signal);
  } finally {
    clearTimeout(timer);
  }
}

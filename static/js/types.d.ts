/** Logical name → hashed file of static/dist, put in by the build. For the service worker only. */
declare const SELFCARE_ASSETS: Record<string, string>;
/** A hash of the offline page as the server makes it now; put in when the worker is served. */
declare const SELFCARE_PAGE: string;

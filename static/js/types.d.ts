/** Logical name → hashed file of static/dist, put in by the build. For the service worker only. */
declare const SELFCARE_ASSETS: Record<string, string>;

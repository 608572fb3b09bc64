/** Lifeboat's version, as package.json names it; a test holds the two together. */
export const version = '0.1.0'

/** Text for people and terminals. Text from outside is made safe here. */
export { decodedHtml } from './decoded-html.ts';
export { decodedUrl } from './decoded-url.ts';
export { escapedHtml } from './escaped-html.ts';
export { escapedJson } from './escaped-json.ts';
export { didYouMean } from './nearest.ts';
export { plural } from './plural.ts';
export { printable, printablePath, quote, redactUrl, shellWord } from './printable.ts';
export { ANSI, PLAIN, type Style } from './style.ts';
export { withoutTrailing } from './trailing.ts';
export { lineText, wrapped, type Line } from './wrap.ts';

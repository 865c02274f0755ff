/** Shows the files that each client would unpack from an archive, and explains its verdict. No verdict depends on this package. */
export { explain, type Explanation, explanationJson } from './explain.ts';
export { explanationText } from './explain-text.ts';

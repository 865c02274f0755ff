/** What each client would unpack of an archive, and an explanation of its verdict. For showing only: no verdict depends on it. */
export { explain, type ExplainedFinding, type Explanation } from './explain.ts';
export { explanationJson } from './explain-json.ts';
export { explanationText } from './explain-text.ts';

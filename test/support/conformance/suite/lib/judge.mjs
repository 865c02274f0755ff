// Compares what a command did with an archive with what the manifest expects.

/** @typedef {import('./sandbox.mjs').TreeFile} TreeFile */
/** @typedef {{ verdict: 'accept' | 'reject', tree?: readonly TreeFile[] }} Answer */
/** @typedef {{ verdict: 'refuse' } | { verdict: 'accept', folder: string, files: readonly TreeFile[] }} Expected */
/** @typedef {'as expected' | 'accepted' | 'refused' | 'other tree' | 'escaped' | 'failed'} Outcome */

/** The outcomes, with their meaning. */
export const OUTCOMES = /** @type {const} */ ({
  'as expected': 'refused what must be refused, or accepted with the one tree',
  accepted: 'accepted what must be refused',
  refused: 'refused what must be accepted',
  'other tree': 'accepted, with other files than the manifest lists',
  escaped: 'ESCAPED: changed something outside of its folder',
  failed: 'gave no answer: it crashed, or reached a limit',
});

/**
 * The answers in the output of a command: lines with a JSON object that has `verdict`, or `status` as `tarwarden scan` writes it.
 * @param {string} output
 * @returns {(Answer & { archive: string | undefined })[]}
 */
export function answersIn(output) {
  return output.split('\n').flatMap((line) => {
    const found = answerIn(line);
    return found === undefined ? [] : [found];
  });
}

/** @param {string} line */
function answerIn(line) {
  if (!line.startsWith('{')) return undefined;
  let value;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const verdict = value.verdict ?? value.status;
  if (verdict !== 'accept' && verdict !== 'reject') return undefined;
  // An answer may contain anything.
  const tree = Array.isArray(value.tree)
    ? value.tree.map((/** @type {TreeFile | null} */ file) => file ?? {})
    : undefined;
  return { verdict, archive: value.archive ?? value.path, ...(tree && { tree }) };
}

/**
 * @param {Expected} expected
 * @param {Answer} answer
 * @param {{ strip: boolean, modes: boolean }} options
 * @returns {{ outcome: Outcome, detail?: string }}
 */
export function judge(expected, answer, options) {
  if (expected.verdict === 'refuse')
    return { outcome: answer.verdict === 'reject' ? 'as expected' : 'accepted' };
  if (answer.verdict === 'reject') return { outcome: 'refused' };
  if (answer.tree === undefined) return { outcome: 'as expected' };
  const detail = differenceOf(expected, answer.tree, options);
  return detail === undefined ? { outcome: 'as expected' } : { outcome: 'other tree', detail };
}

/**
 * The first difference. A tree in an answer can leave out what it does not know, such as `executable`.
 * @param {{ folder: string, files: readonly TreeFile[] }} expected
 * @param {readonly TreeFile[]} tree
 * @param {{ strip: boolean, modes: boolean }} options
 */
function differenceOf({ folder, files }, tree, { strip, modes }) {
  const cut = strip && folder !== '' ? folder.length + 1 : 0;
  const left = new Map(files.map((file) => [file.path.slice(cut), file]));
  for (const file of tree) {
    const wanted = left.get(file.path);
    left.delete(file.path);
    const path = JSON.stringify(file.path);
    if (wanted === undefined) return `${path} must not be there`;
    if (file.link !== wanted.link) return `${path} is a link, or must be one`;
    if (file.sha512 !== undefined && wanted.sha512 !== undefined && file.sha512 !== wanted.sha512)
      return `${path} has other content`;
    if (!modes || file.executable === undefined || wanted.executable === undefined) continue;
    if (file.executable !== wanted.executable)
      return `${path} must ${wanted.executable ? '' : 'not '}be executable`;
  }
  const [missing] = left.keys();
  return missing === undefined ? undefined : `${JSON.stringify(missing)} is missing`;
}

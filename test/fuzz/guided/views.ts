/** What is shown of an archive: the lenient readers behind `explain`, and every report of it. */
import { formatBlock } from '@tarwarden/core/report';
import { PLAIN, printable } from '@tarwarden/core/text';
import { explain, explanationJson, explanationText, type Explanation } from '@tarwarden/explain';
import { inspectChecked, must } from './invariants.ts';
import { archiveOf } from './tar.ts';

type Difference = NonNullable<Explanation['comparison']>['differences'][number];

export { archiveOf } from './tar.ts';

export function fuzz(data: Buffer): void {
  const tgz = archiveOf(data);
  const verdict = inspectChecked(tgz);
  const explanation = explain('archive.tgz', tgz, verdict);
  if (verdict.status === 'accept') {
    const apart = (explanation.comparison?.differences ?? []).filter(differsInContent);
    must('views-differ', apart.length === 0, JSON.stringify(apart.slice(0, 3)));
  }
  const json = explanationJson(explanation);
  JSON.parse(json);
  for (const text of [
    json,
    explanationText(explanation, PLAIN),
    formatBlock({ subject: 'fixture@1.0.0', verdict }),
  ]) {
    for (const line of text.split('\n'))
      must('report-escaped', printable(line, line.length) === line, JSON.stringify(line));
  }
}

/**
 * Managers mask modes each in their own way, and pnpm gives its owner what others may do; whether anyone can run a
 * file is all that must be alike. npm makes a `.npmignore` of a `.gitignore`, in every package; Yarn's linker leaves out
 * what one bundles.
 */
function differsInContent({ path, seen }: Difference): boolean {
  if (/(?:^|\/)\.(?:git|npm)ignore$/i.test(path)) return false;
  const bundled = path.startsWith('node_modules/');
  const kinds = seen
    .filter(({ viewer, file }) => !(bundled && viewer === 'yarn-4' && file === null))
    .map(({ file }) =>
      JSON.stringify(file?.kind === 'file' ? { ...file, mode: (file.mode & 0o111) !== 0 } : file),
    );
  return new Set(kinds).size > 1;
}

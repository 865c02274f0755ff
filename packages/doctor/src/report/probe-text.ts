/* The part of the text report about archives that try to write outside their folder. */
import { printable, type Style } from '@tarwarden/core/text';
import type { Hit, ProbeReport, Probed } from '../probe/probe.ts';

const SHOWN_CHARS = 400;

export function probeLines({ results, confined }: ProbeReport, style: Style): string[] {
  const tried = results.filter(({ tried }) => tried);
  const [clean, other] = [tried.filter(isClean), tried.filter((result) => !isClean(result))];
  const untried = results.filter(({ tried }) => !tried);
  return [
    style.bold('What each did with archives that try to write outside their folder'),
    ...other.toSorted(worstFirst).flatMap((result) => resultLines(result, style)),
    ...listLine('  kept everything inside: ', clean),
    ...listLine('  could not be tried: ', untried),
    style.dim(
      confined
        ? '  each ran without network and without the sockets of this machine, and with nothing to write to but its folder'
        : '  not confined: it takes bubblewrap, a kernel that lets it work, and a processor of x64 or arm64',
    ),
    '',
  ];
}

function isClean({ escaped, links }: Probed): boolean {
  return escaped.length === 0 && links.length === 0;
}

function worstFirst(result: Probed, other: Probed): number {
  return other.escaped.length - result.escaped.length;
}

function resultLines({ title, path, escaped, links }: Probed, style: Style): string[] {
  return [
    `  ${style.bold(printable(title))}  ${style.dim(printable(path, SHOWN_CHARS))}`,
    ...(escaped.length === 0
      ? []
      : [`    ${style.red('WROTE OUTSIDE')} its folder, by ${sentence(escaped)}`]),
    ...(links.length === 0 ? [] : [`    left a link to the outside, by ${sentence(links)}`]),
  ];
}

function sentence(hits: readonly Hit[]): string {
  return hits.map(({ by }) => by).join('; ');
}

function listLine(start: string, results: readonly Probed[]): string[] {
  const names = new Set(results.map(({ title }) => printable(title)));
  return names.size === 0 ? [] : [`${start}${[...names].join(', ')}`];
}

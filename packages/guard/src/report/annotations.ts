/*
 * Annotations: lines in the log of a job that make GitHub and Azure show a refused package at its line of the lockfile. A guard that
 * runs inside its client has no time to read lockfiles when the client ends. It annotates without a line.
 */
import { relative, sep } from 'node:path';
import { printablePath } from '@tarwarden/core/text';
import { isWithin, realOrSame } from '../project/real-path.ts';
import type { Environment } from '../known/cache-directory.ts';
import { passedAnyway, type Counted, type Tally } from './tally.ts';
import { annotatingService } from './variables.ts';

export interface LockfileLine {
  /** An absolute path. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

export type FindLine = (packageName: string) => LockfileLine | undefined;

/** GitHub shows ten errors of a step, and drops the others. */
const ANNOTATIONS_MAX = 10;

const tallies: Tally[] = [];
const annotated = new Set<string>();

/** Keeps the counts of a run of this process for {@link annotate}. */
export function keepForAnnotations(tally: Tally): void {
  tallies.push(tally);
}

/** The packages of this process that are not accepted and have no annotation yet. Empty outside of GitHub and Azure. */
export function packagesToAnnotate(env: Environment): readonly Counted[] {
  if (annotatingService(env) === undefined) return [];
  return tallies.flatMap(({ bad }) => bad).filter((item) => !annotated.has(item.package));
}

/** Prints an annotation for each of {@link packagesToAnnotate}, once. */
export function annotate(env: Environment, findLine: FindLine = () => undefined): void {
  const items = packagesToAnnotate(env);
  for (const item of items) annotated.add(item.package);
  const lines = annotationLines(env, items, findLine);
  if (lines.length > 0) process.stderr.write(lines.map((line) => `${line}\n`).join(''));
}

export function annotationLines(
  env: Environment,
  items: readonly Counted[],
  findLine: FindLine,
): string[] {
  const service = annotatingService(env);
  if (service === undefined) return [];
  const { root, format } = SERVICES[service];
  const sorted = items.toSorted((left, right) => rank(left) - rank(right));
  const shownItems = sorted.slice(
    0,
    items.length > ANNOTATIONS_MAX ? ANNOTATIONS_MAX - 1 : undefined,
  );
  const lines = shownItems.map((item) =>
    format({ ...annotationText(item), ...inRepository(findLine(item.package), env[root]) }),
  );
  const moreCount = items.length - shownItems.length;
  if (moreCount === 0) return lines;
  const title = `tarwarden: ${moreCount} more packages`;
  const message = `${moreCount} more packages were not accepted. The log of this step lists them.`;
  return [...lines, format({ level: 'error', title, message })];
}

/** Packages that stopped the job come before those that were let pass. */
function rank(item: Counted): number {
  return passedAnyway(item) ? 2 : item.status === 'reject' ? 0 : 1;
}

interface Annotation {
  readonly level: 'error' | 'warning';
  readonly title: string;
  readonly message: string;
  /** Relative to the repository, with slashes. */
  readonly file?: string;
  readonly line?: number;
}

function annotationText(item: Counted): Annotation {
  const { package: name, status, why } = item;
  const outcome = item.upload === true ? 'published' : 'installed';
  if (passedAnyway(item))
    return {
      level: 'warning',
      title: `tarwarden would refuse ${name}`,
      message: `${name} was ${outcome}, because the mode is "report". In the mode "refuse", it would be refused: ${why}.`,
    };
  const hint = 'The log of this step says more, and what you can do.';
  if (status === 'reject')
    return {
      level: 'error',
      title: `tarwarden refused ${name}`,
      message: `${name} was not ${outcome}, because the rules reject its archive: ${why}. ${hint}`,
    };
  return {
    level: 'error',
    title: `tarwarden could not inspect ${name}`,
    message: `${name} was not ${outcome}, because it could not be inspected: ${why}. ${hint}`,
  };
}

/** The location of the line for the service. Empty for a file outside of the repository, which the service does not show. */
function inRepository(
  lockfileLine: LockfileLine | undefined,
  root: string | undefined,
): Pick<Annotation, 'file' | 'line'> {
  if (lockfileLine === undefined || root === undefined || root === '') return {};
  const [folder, file] = [realOrSame(root), realOrSame(lockfileLine.file)];
  if (!isWithin(folder, file)) return {};
  return { file: relative(folder, file).split(sep).join('/'), line: lockfileLine.line };
}

interface Service {
  /** The variable with the path of the repository. */
  readonly root: string;
  readonly format: (annotation: Annotation) => string;
}

/** The escapes are those of GitHub's toolkit and of Azure's task library: no text can end its value or begin another command. */
const SERVICES: Readonly<Record<'github' | 'azure', Service>> = {
  github: {
    root: 'GITHUB_WORKSPACE',
    format({ level, message, title, file, line }) {
      const location = file === undefined ? '' : `file=${githubProperty(file)},line=${line},`;
      return `::${level} ${location}title=${githubProperty(title)}::${percentEscaped(message, '%25', '\r\n')}`;
    },
  },
  azure: {
    root: 'BUILD_SOURCESDIRECTORY',
    format({ level, message, file, line }) {
      const location =
        file === undefined ? '' : `sourcepath=${azureProperty(file)};linenumber=${line};`;
      return `##vso[task.logissue type=${level};${location}]${percentEscaped(message, '%AZP25', '\r\n')}`;
    },
  },
};

function githubProperty(text: string): string {
  return percentEscaped(printablePath(text), '%25', '\r\n:,');
}

function azureProperty(text: string): string {
  return percentEscaped(printablePath(text), '%AZP25', '\r\n;]');
}

/** Replaces percent signs by `percent`, and each of `characters` by a percent sign and its code. */
function percentEscaped(text: string, percent: string, characters: string): string {
  return text.replaceAll(/[%\r\n:,;\]]/g, (character) => {
    if (character === '%') return percent;
    if (!characters.includes(character)) return character;
    return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  });
}

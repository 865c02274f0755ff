/* The archives that the operands of a command name: files, packages as `left-pad@1.3.0`, and addresses. Packages are fetched. */
import { lstatSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NamedArchive } from '@tarwarden/audit';
import { ecosystemOf, type Ecosystem, type Format, type Policy } from '@tarwarden/core';
import {
  formatPackageRequest,
  parseIdentity,
  readPackageRequest,
  type NamedVersion,
  type PackageIdentity,
} from '@tarwarden/core/policy';
import type { FetchSource } from '@tarwarden/core/report';
import { printable, printablePath, redactUrl } from '@tarwarden/core/text';
import { tell, UsageError } from '@tarwarden/guard/command-line';
import type { ArchiveFile, MissingArchive } from './inputs.ts';

/** An archive that an operand names, or a package that could not be fetched. */
export type OperandArchive = ArchiveFile | MissingArchive;

/** The values of the options that say which archives are meant. */
export interface OperandValues {
  readonly format?: Format | undefined;
  readonly package?: string | undefined;
  readonly file?: string | undefined;
  readonly offline?: boolean | undefined;
}

export interface OperandOptions {
  readonly command: string;
  readonly values: OperandValues;
  readonly policy: Policy;
  /** Whether nothing is printed about the source, because the document of the command has it. */
  readonly isDocument: boolean;
}

export interface FetchedOperand {
  readonly request: NamedVersion | URL;
  readonly shown: string;
}

/**
 * The package or the address that an operand names. Undefined for a path.
 * @throws UsageError if the operand is meant as a package and names no exact version, or is a package and a file.
 */
export function fetchedOperand(command: string, operand: string): FetchedOperand | undefined {
  if (/^https?:\/\//i.test(operand)) {
    if (!URL.canParse(operand))
      throw new UsageError(`"${printable(redactUrl(operand))}" is not an address`, command);
    return { request: new URL(operand), shown: redactUrl(operand) };
  }
  const request = readPackageRequest(operand);
  if (request === undefined) return undefined;
  // A text with a prefix is always the package: files are typed with ./ before them.
  const isThere =
    !operand.includes(':') && lstatSync(operand, { throwIfNoEntry: false }) !== undefined;
  if ('problem' in request) {
    if (isThere || isPlain(operand)) return undefined;
    throw new UsageError(request.problem, command);
  }
  const shown = formatPackageRequest(request);
  if (!isThere) return { request, shown };
  const file = printablePath(operand);
  throw new UsageError(
    `${file} is a file in this folder, and it is also the name of a package. For the file, type ./${file}; for the package, type npm:${printable(shown)}`,
    command,
  );
}

/** A name alone may be a file that is missing. The error about that says how a package is named. */
function isPlain(operand: string): boolean {
  return !/[@=:]/.test(operand);
}

/** The archives of a command. Dispose them at its end, because fetched archives are in a private folder. */
export class OperandArchives {
  readonly #options: OperandOptions;
  #folder: string | undefined;
  #count = 0;
  readonly #temporary: (() => void)[] = [];

  constructor(options: OperandOptions) {
    this.#options = options;
  }

  /** @throws UsageError for options that do not fit the operands. */
  check(operands: readonly string[]): void {
    const { command, values } = this.#options;
    const fetched = operands.flatMap((operand) => fetchedOperand(command, operand) ?? []);
    const namedPackage = fetched.find(({ request }) => !(request instanceof URL));
    if (namedPackage !== undefined && values.package !== undefined)
      throw new UsageError(
        `--package is for files and addresses: ${printable(namedPackage.shown)} is fetched by its own name`,
        command,
      );
    if (fetched.length === 0 && values.file !== undefined)
      throw new UsageError('--file is for packages that have several archives', command);
  }

  async *of(operand: string): AsyncGenerator<OperandArchive> {
    const { command, values } = this.#options;
    const fetched = fetchedOperand(command, operand);
    if (fetched === undefined) {
      const expected = expectedPackage(command, values);
      const { format } = values;
      const inspection = { ...(format && { format }), ...(expected && { expected }) };
      yield { path: operand, shown: operand, inspection };
    } else yield* this.#fetched(fetched);
  }

  async all(operand: string): Promise<OperandArchive[]> {
    const archives: OperandArchive[] = [];
    for await (const archive of this.of(operand)) archives.push(archive);
    return archives;
  }

  dispose(): void {
    for (const remove of this.#temporary.splice(0)) remove();
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
  }

  async *#fetched({ request, shown }: FetchedOperand): AsyncGenerator<OperandArchive> {
    const { command, values, policy } = this.#options;
    const { file: fileName, offline = false, format } = values;
    const requestedPackage = expectedPackage(command, values);
    if (process.stderr.isTTY) tell(`fetching ${printable(shown)} …`);
    // Only packages need this code. Files are inspected without it.
    const { namedArchives } = await import('@tarwarden/audit');
    this.#folder ??= await privateFolder();
    let count = 0;
    const options = { env: process.env, offline, policy, folder: process.cwd(), fileName };
    for await (const archive of namedArchives(request, options)) {
      if ('code' in archive) {
        const { message, remedy } = archive;
        const advice = remedy === undefined ? '' : `. What to do: ${remedy}`;
        count += 1;
        yield { path: shown, error: { code: 'NOT_FETCHED', message: `${message}${advice}` } };
        continue;
      }
      if (archive.dispose !== undefined) this.#temporary.push(archive.dispose);
      if (format !== undefined && (archive.format ?? format) !== format) continue;
      count += 1;
      yield this.#archiveFile(
        { ...archive, expected: { ...archive.expected, ...requestedPackage } },
        shown,
      );
    }
    if (count > 0) return;
    const message = `it has no archive of the format ${format}`;
    yield { path: shown, error: { code: 'NOT_FETCHED', message } };
  }

  #archiveFile(archive: NamedArchive, packageText: string): ArchiveFile {
    const { content, fileName, from, address = null, locked = null, expected, claims } = archive;
    const format = archive.format ?? this.#options.values.format;
    const path = typeof content === 'string' ? content : this.#write(content, fileName);
    const hasSeveral = format === 'wheel' || format === 'sdist' || format === 'gem';
    const shown =
      hasSeveral && !packageText.includes('://') ? `${packageText} (${fileName})` : packageText;
    const fetched = { package: packageText, file: fileName, from, address, locked };
    this.#report(shown, fetched);
    const inspection = { ...(format && { format }), expected: { fileName, ...expected }, claims };
    return { path, shown, inspection, fetched };
  }

  #report(shown: string, { from, address, locked }: FetchSource): void {
    if (!this.#options.isDocument && address !== shown)
      tell(
        `${printable(shown)} comes from ${address === null ? `the ${from.replaceAll('-', ' ')}` : printable(address, 2048)}`,
      );
    if (locked?.isSame !== false) return;
    const location = `${printablePath(locked.lockfile)}:${locked.line}`;
    tell(
      `warning: ${printable(shown)} has other bytes than ${location} pins, so that lockfile does not let it be installed`,
    );
  }

  #write(bytes: Buffer, fileName: string): string {
    this.#count += 1;
    const folder = join(this.#folder!, String(this.#count));
    mkdirSync(folder, { mode: 0o700 });
    const path = join(folder, fileName);
    writeFileSync(path, bytes, { mode: 0o600, flag: 'wx' });
    return path;
  }
}

async function privateFolder(): Promise<string> {
  const { makeTemporaryFolder } = await import('@tarwarden/guard/run');
  const { path, reserve } = makeTemporaryFolder({ prefix: 'tarwarden-fetch-' });
  rmSync(reserve);
  return path;
}

export function notInspectedText({ path, error }: MissingArchive): string {
  const why = error.code === 'NOT_FETCHED' ? 'not fetched' : 'not inspected';
  const help =
    error.code === 'NOT_FOUND' && !/[\\/]/.test(path) && isPlain(path) && !path.includes('.')
      ? '. A package is named with one exact version, like left-pad@1.3.0 or pypi:requests@2.32.3'
      : '';
  return `${printablePath(path)}: ${why}: ${error.message}${help}`;
}

const FORMS: Readonly<Record<Ecosystem, string>> = {
  npm: 'NAME@VERSION or @SCOPE/NAME@VERSION',
  pypi: 'NAME@VERSION or NAME==VERSION',
  rubygems: 'NAME@VERSION',
  go: 'MODULE/PATH@vVERSION',
};

/**
 * The package that `--package` names. With a format, its ecosystem reads the name. Without one, the first ecosystem that can
 * read it does: those that can agree about its meaning.
 * @throws UsageError for anything else.
 */
export function expectedPackage(
  command: string,
  { package: value, format }: Pick<OperandValues, 'package' | 'format'>,
): PackageIdentity | undefined {
  if (value === undefined) return undefined;
  const ecosystems =
    format === undefined ? (Object.keys(FORMS) as Ecosystem[]) : [ecosystemOf[format]];
  for (const ecosystem of ecosystems) {
    const identity = parseIdentity(value, ecosystem);
    if (identity !== undefined) return identity;
  }
  const forms =
    format === undefined
      ? 'NAME@VERSION, as npm, PyPI, RubyGems or Go spells it'
      : FORMS[ecosystemOf[format]];
  throw new UsageError(`--package takes ${forms}, with one exact version`, command);
}

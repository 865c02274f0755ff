import type { ExpectedPackage } from '../../../../finding/expected.ts';
import type { MetadataRule, ReportFinding } from '../../../../rules/rule.ts';
import type { ReadFile, WheelPackage, WheelEntry, RecordLine } from '../../wheel-package.ts';
import { Trait } from '../../../../containers/entry.ts';
import { quote } from '../../../../text/printable.ts';
import {
  dataFolderOf,
  installedBy,
  installLocation,
  plantedPart,
  type Installed,
} from '../../places.ts';
import { settledPath, foldedKey } from '../../../../tree/package-path.ts';
import { headerValues } from '../../../../metadata/pypi/header-fields.ts';
import { strayCharacter } from '../../../../metadata/pypi/stray-characters.ts';
import { advice, metadataRules, withCodes } from '../../../../rules/table-rows.ts';
import { PYPI_COMPARISONS } from '../../../../metadata/pypi/identity.ts';
import {
  allTags,
  parseWheelFileName,
  wheelTags,
} from '../../../../metadata/pypi/wheel-file-name.ts';
import { MAX_WHEEL_TAG_CHARS, MAX_WHEEL_TAGS } from '../../../../limits.ts';

const description = withCodes({
  id: 'wheel-description',
  level: 'error',
  summary: 'The description of the wheel is missing, or can be read in two ways',
  advice: advice(
    'Do not install it: it is not certain which package this is, what it depends on, and how it is unpacked. Installers refuse it, or guess.',
    'Build the wheel again in an empty folder with a current build tool; a stale `.dist-info` in the sources is a known cause.',
  ),
});

/** The content of a file in `.dist-info`. Reports a file that is missing or too long to be read. */
function contentOf<T>(
  { distInfo, tree }: WheelPackage,
  [name, file]: readonly [name: string, file: ReadFile<T> | undefined],
  report: ReportFinding,
): T | undefined {
  if (!tree.complete) return file?.content;
  if (file === undefined) {
    if (distInfo !== undefined) report(`${quote(`${distInfo}/${name}`)} is missing`);
  } else if (file.content === undefined)
    report(`it has ${file.entry.size} bytes, and is not read`, file.entry);
  return file?.content;
}

/** Python's email parser compares names in any case; pip takes `true` in any case as true, and all else as false. */
const KNOWN_FIELDS: readonly (readonly [field: string, known: RegExp])[] = [
  ['wheel-version', /^[01]\.[0-9]+$/],
  ['root-is-purelib', /^(?:true|false)$/i],
];

/**
 * A name without separator, drive, stream, white space or control character: one path component on every system. For `a b = x:y`
 * pip makes a script `b`, others make `a b`.
 */
const COMMAND_NAME = /^[^\\/:*?"<>|[\]\s\p{Cc}]+$/u;
/** `module:attribute`, with extras. pip does not allow white space around the colon. */
const COMMAND_VALUE = /^[\w.]+:[\w.]+(?:\s*\[[\w\s,.-]*\])?$/;

const identity = withCodes({
  id: 'wheel-identity',
  level: 'error',
  summary: 'The wheel contains another package than its file name or the request says',
  advice: advice(
    'Do not install it: you get another package than the one that you asked for, or installers read its name differently. Compare its sha256 with the one on the public index, and look at your proxy and cache.',
    'Build the wheel again, and do not rename the file: `name-version-python-abi-platform.whl`.',
  ),
});

/** The identities to which METADATA is compared. */
function identitiesOf({ distInfo }: WheelPackage, expected: ExpectedPackage) {
  const file = parseWheelFileName(expected.fileName ?? '');
  const [, name = distInfo, version] = /^(.*)-([^-]*)\.dist-info$/i.exec(distInfo ?? '') ?? [];
  return [
    { where: 'the file name', name: file?.name, version: file?.version },
    { where: 'the folder', name, version },
    { where: 'what was asked for', name: expected.name, version: expected.version },
  ];
}

/** Python runs lines of .pth files, and imports the modules sitecustomize and usercustomize, also compiled or as packages. */
const RUN_AT_START = /^(?:[^/]+\.pth|(?:site|user)customize(?:\.[^/]+|\/__init__\.[^/]+))$/i;

const planted = withCodes({
  id: 'wheel-planted',
  level: 'error',
  summary: 'The wheel writes a record that only an installer writes',
  advice: advice(
    'Do not install it: pip would treat a second distribution as installed and later delete its files, or `pip freeze` would list an address that the package chose.',
    'Leave `.egg-info`, `.egg-link`, `.egg`, further `.dist-info` and direct_url.json out of the wheel. A wheel that was packed from an installed package has them; build it from its sources.',
  ),
});

/** Only installers know where a package came from (PEP 610). No program relies on INSTALLER and REQUESTED. */
const OF_INSTALLERS = 'direct_url.json';

const recordIncomplete = withCodes({
  id: 'wheel-record-incomplete',
  level: 'warning',
  summary: 'RECORD lists other files than the wheel contains',
  advice: advice(
    'You need not do anything if you know who made it: Pyodide compiles the modules of a wheel without a new RECORD. Otherwise do not use it: a file was added or taken out, and PyPI no longer accepts such wheels.',
    'Build the wheel again instead of adding or removing files; `wheel unpack` and `wheel pack` write a new RECORD.',
  ),
});

/** Whether the file is a signature of RECORD, which is made after RECORD and not listed in it. */
function isSignature(path: string, distInfo: string | undefined): boolean {
  return path === `${distInfo}/RECORD.jws` || path === `${distInfo}/RECORD.p7s`;
}

const recordOutside = withCodes({
  id: 'wheel-record-outside',
  level: 'error',
  summary: 'RECORD lists a file that does not belong to the package',
  advice: advice(
    'Do not install it: if you uninstall or upgrade the package, the installer deletes the files that RECORD lists, also those of other packages.',
    'Build the wheel again; paths in RECORD are those of the zip. `wheel unpack` and `wheel pack` write it again.',
  ),
});

/** Matches a component `..`, a root, a drive, or a separator of Windows. */
const ELSEWHERE = /(?:^|\/)\.\.(?:\/|$)|^\/|\\|^[a-z]:/i;

const keyOfPath = (path: string): string =>
  foldedKey(settledPath(path), Trait.NonAscii | Trait.UpperCase);

const topOf = (key: string): string => key.split('/', 1)[0]!;

const recordWrong = withCodes({
  id: 'wheel-record-wrong',
  level: 'error',
  summary: 'RECORD is missing, cannot be read, or does not fit the files of the wheel',
  advice: advice(
    'Do not install it: a file was changed after the wheel was built, or nothing says which files belong to it. Compare the sha256 of the wheel with the one on the public index.',
    'Build the wheel again instead of changing files in it; `wheel unpack` and `wheel pack` write a new RECORD.',
  ),
});

/** Weaker hashes prove nothing. */
const STRONG = /^sha(?:256|384|512)=/;

function fault(
  { hash, size }: RecordLine,
  file: WheelEntry,
  isRecordItself: boolean,
): string | undefined {
  // RECORD cannot have its own hash.
  if (isRecordItself) return hash === '' && size === '' ? undefined : 'it says what it is itself';
  const bytes = file.entry.size;
  if (size !== '' && size !== String(bytes)) return `size ${quote(size)}, it has ${bytes} bytes`;
  if (!STRONG.test(hash)) return hash === '' ? 'no hash' : `hash ${quote(hash)}`;
  return hash === file.hash ? undefined : `it has ${file.hash}`;
}

/** The first ten tags, quoted. */
function tagList(tags: ReadonlySet<string>): string {
  return quote([...tags].slice(0, 10).join(' '));
}

export const wheelRules: readonly MetadataRule<WheelPackage>[] = metadataRules<WheelPackage>([
  {
    id: 'wheel-data-clash',
    level: 'error',
    summary: 'Two files or commands of the wheel are installed to the same path',
    advice: advice(
      'Do not install it: installers install different ones of the two, so you can get another file than a scanner has seen.',
      'Ship the file once: either at the top or below `purelib` or `platlib` of the `.data` folder. Let a script be a file or a command of entry_points.txt, not both.',
    ),
    check: (wheel, report) => {
      const filesByKey = new Map<string, Installed>();
      for (const installed of installedBy(wheel)) {
        const earlier = filesByKey.get(installed.key);
        if (earlier === undefined) filesByKey.set(installed.key, installed);
        else if (!installed.inTree || !earlier.inTree)
          report(`${installed.name} after ${earlier.name}`, installed.entry);
      }
    },
  },
  {
    id: 'wheel-data-scheme',
    level: 'error',
    summary: 'A file in a .data folder is in a scheme that not all installers know',
    advice: advice(
      'Do not install it: installers write such a file to different places. pip installs the files of every top folder that ends in `.data`, and other installers only those of the folder of this wheel.',
      'Put data files below `purelib`, `platlib`, `headers`, `scripts` or `data` of `<name>-<version>.data`; let no package of yours end in `.data`.',
    ),
    check: ({ files, distInfo }, report) => {
      const ownFolder = distInfo?.replace(/\.dist-info$/, '.data');
      for (const [path, { entry }] of files) {
        const top = dataFolderOf(path);
        if (top === undefined) continue;
        if (top !== ownFolder)
          report(
            `${quote(path)} is in another .data folder than that of the wheel${ownFolder === undefined ? '' : `, ${quote(ownFolder)}`}`,
            entry,
          );
        else if (installLocation(path) === undefined)
          report(`${quote(path)} is in no scheme`, entry);
        // pip looks for the scheme before it normalises the path, and again afterwards.
        else if (settledPath(path) !== path) report(`${quote(path)} is not normalised`, entry);
      }
    },
  },
  {
    ...description('wheel-dist-info', 'The wheel does not have exactly one .dist-info folder'),
    check: (wheel, report) => {
      const { distInfos, tree } = wheel;
      for (const [name, entry] of distInfos) {
        if (!name.endsWith('.dist-info')) report(`${quote(name)} is not in lower case`, entry);
        else if (distInfos.size > 1) report(`${quote(name)} is one of ${distInfos.size}`, entry);
      }
      if (distInfos.size === 0 && tree.complete) report('there is none');
    },
  },
  {
    id: 'wheel-entry-point',
    level: 'error',
    summary: 'A command in entry_points.txt does not have the name of a script, or it runs nothing',
    advice: advice(
      'Do not install it: installers write a script under that name, and pip writes it outside its folder for scripts if the name leads there.',
      'Name commands by letters, digits, dots, underscores and hyphens, and let each name `module:function`.',
    ),
    check: ({ entryPoints, tree }, report) => {
      if (entryPoints === undefined) return;
      const { content, entry } = entryPoints;
      if (content === undefined) {
        if (tree.complete) report(`the file has ${entry.size} bytes, and is not read`, entry);
        return;
      }
      if (content.wrong !== undefined) report(content.wrong, entry);
      for (const { name, value } of content.scripts) {
        if (!COMMAND_NAME.test(name) || /^\.+$/.test(name))
          report(`the name ${quote(name)}`, entry);
        if (!COMMAND_VALUE.test(value)) report(`${quote(name)} runs ${quote(value)}`, entry);
      }
    },
  },
  {
    ...identity('wheel-file-name', 'The file does not have the name of a wheel'),
    check: (_wheel, report, { expected }) => {
      const { fileName } = expected;
      if (fileName !== undefined && parseWheelFileName(fileName) === undefined)
        report(quote(fileName));
    },
  },
  {
    ...description(
      'wheel-format-version',
      'The WHEEL file is missing, or is of a version that is not known here',
    ),
    check: (wheel, report) => {
      const content = contentOf(wheel, ['WHEEL', wheel.wheel], report);
      if (content === undefined) return;
      const entry = wheel.wheel?.entry;
      const wrong =
        content.wrong ?? strayCharacter(content.fields.map(({ value }) => value).join('\n'));
      if (wrong !== undefined) report(wrong, entry);
      for (const [field, pattern] of KNOWN_FIELDS) {
        const values = headerValues(content, field);
        if (values.length !== 1 || !pattern.test(values[0]!))
          report(`${field}: ${values.length === 0 ? 'missing' : quote(values.join(', '))}`, entry);
      }
    },
  },
  {
    ...identity(
      'wheel-identity-mismatch',
      'The name or version in the wheel differs from its file name, its .dist-info folder or the request',
    ),
    check: (wheel, report, { expected }) => {
      const claimed = wheel.claimed;
      for (const compared of identitiesOf(wheel, expected))
        for (const [field, isSame] of PYPI_COMPARISONS) {
          const [mine, theirs] = [claimed?.[field], compared[field]];
          if (mine !== undefined && theirs !== undefined && !isSame(mine, theirs))
            report(
              `METADATA has the ${field} ${quote(mine)}, ${compared.where} ${quote(theirs)}`,
              wheel.metadata?.entry,
            );
        }
    },
  },
  {
    ...description(
      'wheel-metadata',
      'The METADATA file of the wheel is missing, or can be read in two ways',
    ),
    check: (wheel, report) => {
      const { metadata } = wheel;
      const content = contentOf(wheel, ['METADATA', metadata], report);
      for (const wrong of content?.wrong ?? []) report(wrong, metadata?.entry);
    },
  },
  {
    id: 'wheel-path-file',
    level: 'note',
    summary: 'The wheel has a file that Python runs at every start',
    advice: advice(
      'You need not do anything if you know the package: setuptools and tools for coverage have a .pth file. Look into the file otherwise, since it runs without an import.',
      'Use an ordinary import instead, if that is enough.',
    ),
    check: ({ files }, report) => {
      for (const [path, { entry }] of files) {
        const location = installLocation(path);
        if (location?.scheme === 'site-packages' && RUN_AT_START.test(location.path))
          report(quote(path), entry);
      }
    },
  },
  {
    ...recordWrong('wheel-record', 'The RECORD file of the wheel is missing, or cannot be read'),
    check: (wheel, report) => {
      const { record } = wheel;
      const content = contentOf(wheel, ['RECORD', record], report);
      if (content === undefined) return;
      const entry = record?.entry;
      if (content.wrong !== undefined) report(content.wrong, entry);
      const seenPaths = new Set<string>();
      for (const { path } of content.lines) {
        if (seenPaths.has(path)) report(`${quote(path)} is in it twice`, entry);
        seenPaths.add(path);
      }
    },
  },
  {
    ...recordIncomplete(
      'wheel-record-absent',
      'RECORD lists a file that the wheel does not contain',
    ),
    check: ({ record, files, tree }, report) => {
      const content = record?.content;
      if (content === undefined || !tree.complete) return;
      for (const { path } of content.lines)
        if (!files.has(path)) report(quote(path), record?.entry);
    },
  },
  {
    ...recordWrong(
      'wheel-record-mismatch',
      'RECORD states another hash or size for a file than the file has',
    ),
    check: ({ record, files }, report) => {
      for (const line of record?.content?.lines ?? []) {
        const file = files.get(line.path);
        if (file?.hash === undefined) continue;
        const wrong = fault(line, file, file.entry === record?.entry);
        if (wrong !== undefined) report(`${quote(line.path)}: ${wrong}`, file.entry);
      }
    },
  },
  {
    ...recordIncomplete('wheel-record-unlisted', 'A file of the wheel is not in RECORD'),
    check: ({ record, files, distInfo, tree }, report) => {
      const content = record?.content;
      if (content === undefined || content.wrong !== undefined || !tree.complete) return;
      const listedPaths = new Set(content.lines.map(({ path }) => path));
      for (const [path, { entry }] of files) {
        if (!listedPaths.has(path) && !isSignature(path, distInfo)) report(quote(path), entry);
      }
    },
  },
  {
    id: 'wheel-tag-mismatch',
    level: 'note',
    summary: 'The tags in WHEEL differ from those of the file name',
    advice: advice(
      'You need not do anything at once: installers go by the file name. Someone renamed the file or retagged it without its tool, so ask the publisher which platforms it is for.',
      'Use `wheel tags` to change tags, instead of renaming the file.',
    ),
    check: ({ wheel }, report, { expected }) => {
      const parsed =
        expected.fileName === undefined ? undefined : parseWheelFileName(expected.fileName);
      if (parsed === undefined || wheel?.content === undefined) return;
      const tags = headerValues(wheel.content, 'tag').slice(0, MAX_WHEEL_TAGS);
      if (tags.some((tag) => tag.length > MAX_WHEEL_TAG_CHARS)) {
        report(`a tag has more than ${MAX_WHEEL_TAG_CHARS} characters`, wheel.entry);
        return;
      }
      const declaredTags = allTags(tags);
      const fileNameTags = wheelTags(parsed);
      if (
        declaredTags.size !== fileNameTags.size ||
        [...fileNameTags].some((tag) => !declaredTags.has(tag))
      )
        report(`${tagList(declaredTags)}, the file name ${tagList(fileNameTags)}`, wheel.entry);
    },
  },
  {
    ...recordOutside('wheel-record-escapes', 'RECORD lists a file outside the wheel'),
    check: ({ record }, report) => {
      for (const { path } of record?.content?.lines ?? [])
        if (ELSEWHERE.test(path)) report(quote(path), record?.entry);
    },
  },
  {
    ...planted(
      'wheel-planted-distribution',
      'The wheel installs a second distribution beside its own',
    ),
    check: ({ files }, report) => {
      for (const [path, { entry }] of files) {
        const distribution = plantedPart(path);
        if (distribution !== undefined)
          report(`${quote(path)} is part of ${quote(distribution)}`, entry);
      }
    },
  },
  {
    ...planted(
      'wheel-installer-file',
      'The wheel states where it was installed from, which only an installer may write',
    ),
    check: ({ files, distInfo }, report) => {
      for (const [path, { entry }] of files) {
        const [top, name, ...deeper] = settledPath(path).split('/');
        if (top !== distInfo || name === undefined || deeper.length > 0) continue;
        if (foldedKey(name, Trait.NonAscii | Trait.UpperCase) === OF_INSTALLERS)
          report(quote(path), entry);
      }
    },
  },
  {
    ...recordOutside('wheel-record-foreign', 'RECORD lists a file of another package'),
    check: ({ record, files, tree }, report) => {
      const content = record?.content;
      if (content === undefined || !tree.complete) return;
      const ownKeys = new Set<string>();
      for (const path of files.keys()) {
        const key = keyOfPath(path);
        ownKeys.add(key);
        if (key.includes('/')) ownKeys.add(`${topOf(key)}/`);
      }
      for (const { path } of content.lines) {
        const key = keyOfPath(path);
        if (files.has(path) || ownKeys.has(key)) continue;
        // The path is in a folder of the wheel itself, or it is a top-level module that was compiled afterwards.
        const isOwn = key.includes('/') ? ownKeys.has(`${topOf(key)}/`) : ownKeys.has(`${key}c`);
        if (!isOwn) report(quote(path), record?.entry);
      }
    },
  },
]);

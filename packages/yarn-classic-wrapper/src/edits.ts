import { createHash } from 'node:crypto';
import { KNOWN } from './known.ts';

/** The key under which the changed bundle finds the guard. */
export const GUARD_KEY = 'tarwarden.yarn-classic-guard';
const GUARD = `globalThis[Symbol.for('${GUARD_KEY}')]`;

/** Replaces a text of the bundle before Node compiles it. */
export interface Edit {
  readonly find: string;
  readonly replace: string;
  /** How often the bundle has the text. Default: once. */
  readonly times?: number;
}

/** All changes to Yarn 1. Each calls a method of YarnGuard, which explains it. */
export const EDITS: readonly Edit[] = [
  // The guard unpacks each tarball, instead of a decoder that guesses the compression.
  {
    find: 'var extractorStream = gunzip();',
    replace: `var extractorStream = ${GUARD}.tarball(this, gunzip, tarballPath);`,
  },
  // Yarn writes a download to its cache and to an offline mirror while it comes in. The guard writes it when it is accepted.
  {
    find: "integrityValidateStream.pipe(fs.createWriteStream(tarballMirrorPath)).on('error', reject);",
    replace: `${GUARD}.keep(extractorStream, tarballMirrorPath, true);`,
  },
  {
    find: "integrityValidateStream.pipe(fs.createWriteStream(tarballCachePath)).on('error', reject);",
    replace: `${GUARD}.keep(extractorStream, tarballCachePath, false);`,
  },
  // Yarn unpacks tars of git here: from a server or a clone, and from an offline mirror or a prepared package.
  {
    find: '(_tarFs || _load_tarFs()).default.extract(dest, {',
    replace: `${GUARD}.gitTar((_tarFs || _load_tarFs()).default, dest, {`,
    times: 2,
  },
  {
    find: 'GitFetcher.prototype._createUntarStream = function _createUntarStream(dest) {\n',
    replace: `GitFetcher.prototype._createUntarStream = function _createUntarStream(dest) {\n    return ${GUARD}.keptGitTar(tarFs, dest, this);\n`,
  },
  // After a fetcher has put a package into the cache.
  {
    find: 'hash = _ref2.hash;\n\n      var pkg = yield (0',
    replace: `hash = _ref2.hash;\n      ${GUARD}.placed(_this);\n\n      var pkg = yield (0`,
  },
  // A folder of the cache that Yarn is about to use as it is.
  {
    find: 'METADATA_FILENAME)))) {\n        return false;\n      }\n\n      return true;',
    replace: `METADATA_FILENAME)))) {\n        return false;\n      }\n\n      return yield ${GUARD}.cached(dest, this);`,
  },
  // Yarn would use a manifest from the notes beside a package instead of package.json. A package can contain such notes.
  {
    find: "if (typeof metadata.manifest !== 'undefined') {",
    replace: 'if (false) {',
  },
  // Such notes can also name files that Yarn would leave as they are in node_modules, as if scripts had built them.
  {
    find: 'artifacts: metadata.artifacts || [],',
    replace: 'artifacts: [],',
  },
  // Folders, archives and repositories that a package depends on.
  {
    find: 'var resolver = new ExoticResolver(this, range);',
    replace: `${GUARD}.exotic(this, range);\n    var resolver = new ExoticResolver(this, range);`,
  },
  // The request for a package, and its folder.
  {
    find: 'return fetchOneRemote(ref.remote, ref.name, ref.version, dest, config);',
    replace: `${GUARD}.requested(ref, dest, config);\n  return fetchOneRemote(ref.remote, ref.name, ref.version, dest, config);`,
  },
  {
    find: '      this.checkUpdate();\n',
    replace: `      ${GUARD}.starting([], this.config);\n      this.checkUpdate();\n`,
  },
  {
    find: 'function fetch(pkgs, config) {\n',
    replace: `function fetch(pkgs, config) {\n  ${GUARD}.starting(pkgs, config);\n`,
  },
  // The command `yarn` in scripts is a script of Yarn's own.
  {
    find: 'prependArguments: [process.argv[1]]',
    replace: `prependArguments: ${GUARD}.yarnOfScripts(process.argv[1])`,
  },
  // The tarball that `yarn publish` is about to upload.
  {
    find: "yield config.executeLifecycleScript('postpack');\n\n    // copy normalized package",
    replace: `yield config.executeLifecycleScript('postpack');\n    yield ${GUARD}.upload(buffer, pkg, config);\n\n    // copy normalized package`,
  },
  // Yarn decides here whether it runs the command itself or starts another Yarn that a setting names.
  {
    find: 'if (yarnPath && !(0, (_conversion || _load_conversion()).boolifyWithDefault)(process.env.YARN_IGNORE_PATH, false)) {\n',
    replace: `if (yarnPath && !(0, (_conversion || _load_conversion()).boolifyWithDefault)(process.env.YARN_IGNORE_PATH, false)) {\n      ${GUARD}.handsOver(yarnPath);\n`,
  },
  {
    find: '      // ignore all arguments after a --\n',
    replace: `      ${GUARD}.runs();\n`,
  },
  // Changes under --confine: git repositories, scripts, settings that scripts may not read, folders that are copied.
  {
    find: 'if (yield this.hasPrepareScript(git)) {',
    replace: `if (${GUARD}.prepares(this, yield this.hasPrepareScript(git))) {`,
  },
  {
    find: 'default(config, this.resolver, this.flags.force);',
    replace: `default(config, this.resolver, this.flags.force || ${GUARD}.confined.buildsAll());`,
  },
  {
    find: "reporter.lang('configPossibleFile', loc));\n        if (yield (_fs || _load_fs()).exists(loc)) {",
    replace: `reporter.lang('configPossibleFile', loc));\n        if (${GUARD}.confined.reads(loc) && (yield (_fs || _load_fs()).exists(loc))) {`,
  },
  {
    find: 'return parser((0, (_fs || _load_fs()).readFileSync)(path).toString(), path);',
    replace: `return ${GUARD}.confined.reads(path) ? parser((0, (_fs || _load_fs()).readFileSync)(path).toString(), path) : {};`,
  },
  {
    find: 'return path.join(this.cacheFolder, slug,',
    replace: `return path.join(${GUARD}.confined.cacheOf(this, pkg), slug,`,
  },
];

/** The rewritten bundle, or why it cannot be guarded. */
export type Edited = { readonly source: string } | { readonly problem: string };

/** Rewrites a bundle that is known byte for byte. */
export function edited(
  bytes: Buffer,
  knownHashes: Readonly<Record<string, string>> = KNOWN,
): Edited {
  const sha512 = createHash('sha512').update(bytes).digest('hex');
  if (!Object.values(knownHashes).includes(sha512)) return { problem: 'its bytes are not known' };
  return rewritten(bytes.toString());
}

/** Rewrites a bundle. It must have each text exactly as often as the edit says. */
export function rewritten(source: string, edits: readonly Edit[] = EDITS): Edited {
  let changed = source;
  for (const { find, replace, times = 1 } of edits) {
    const parts = changed.split(find);
    if (parts.length !== times + 1)
      return { problem: `"${find.trim().split('\n', 1)[0]}" is in it ${parts.length - 1} times` };
    changed = parts.join(replace);
  }
  return { source: changed };
}

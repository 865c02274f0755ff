/*
 * The folder `vendor` of a Go module. Since 1.14, go builds from it by default, and compares only its list of modules with go.mod. So this
 * file compares the files in the folder with the modules.
 */
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { Limits } from '@tarwarden/core/limits';
import { quote } from '@tarwarden/core/text';
import type { UnpackedFiles } from '@tarwarden/core/trees';
import { digestOfFile, errnoOf, readBounded } from '@tarwarden/host';
import type { ArchiveComparison } from '../../task-checks.ts';
import { againstArchive } from '../../compare/against-archive.ts';
import { listedPaths } from '../../compare/differences.ts';
import { folderFiles } from '../../compare/folder-files.ts';
import type { AuditTask } from '../../plan.ts';
import type { AuditResult, Check, PackageLocation } from '../../result.ts';

const LIST = 'modules.txt';

/** Bytes of the list. The list of a large project has some 100,000. */
const LIST_BYTES_MAX = 16 * 1024 * 1024;

/** `# path version`, and the module or folder that replaces it, if there is one. */
const MODULE = /^# (\S+)(?: (v\S+))?(?: => (\S+)(?: (v\S+))?)?$/;

/** Files that go gives to a compiler or a linker. */
const BUILT = /\.(?:go|s|sx|c|cc|cpp|cxx|m|h|hh|hpp|hxx|f|for|f90|swig|swigcxx|syso)$/i;

interface VendoredModule {
  /** The path of the module. Its files are at `path/…` below the folder. */
  readonly path: string;
  readonly version: string;
  /** `path@version` of the module whose files they are; undefined for a folder of the project. */
  readonly origin: string | undefined;
  readonly line: number;
  /** Paths below the folder of the module. */
  readonly files: string[];
}

/** Whether go builds from `vendor` in a folder. */
export function isVendored(folder: string): boolean {
  return lstatSync(join(folder, 'vendor', LIST), { throwIfNoEntry: false }) !== undefined;
}

/** Make one for each audit: it remembers which modules were compared. */
export class GoVendor {
  readonly #folder: string;
  readonly #limits: Limits;
  readonly #modules = new Map<string, VendoredModule>();
  readonly #compared = new Set<VendoredModule>();
  readonly #results: AuditResult[] = [];

  /** @param folder The folder of go.sum, for which {@link isVendored} is true. */
  constructor(folder: string, limits: Limits) {
    this.#folder = join(folder, 'vendor');
    this.#limits = limits;
    try {
      this.#readList();
      this.#assignFiles();
    } catch (error) {
      this.#unread(`it cannot be read (${errnoOf(error) ?? 'unknown error'})`);
    }
  }

  /** Undefined if the folder contains no file of the module. */
  compareFor([{ locked }]: AuditTask): ArchiveComparison | undefined {
    const origin = `${locked.name}@${locked.version}`;
    const own = [...this.#modules.values()].filter(
      (module) => module.origin === origin && module.files.length > 0,
    );
    if (own.length === 0) return undefined;
    for (const module of own) this.#compared.add(module);
    return (obtained) =>
      againstArchive(obtained, 'go', this.#limits, (archive) =>
        own.flatMap((module) => this.#checksOf(module, archive)),
      );
  }

  /** Results for files that belong to no module, and for modules that go.sum has no hash of. */
  *rest(): Generator<AuditResult> {
    yield* this.#results;
    for (const module of this.#modules.values()) {
      const { path, version, origin, files, line } = module;
      if (origin === undefined || files.length === 0 || this.#compared.has(module)) continue;
      yield {
        package: { ecosystem: 'go', name: path, version },
        places: [this.#placeOf(line)],
        checks: [],
        status: 'not-inspected',
        error: {
          code: 'NO_INTEGRITY',
          message: `go builds it from vendor, and go.sum has no hash of ${quote(origin)} by which it could be compared`,
          remedy: 'run `go mod tidy` and `go mod vendor`, and audit again',
        },
      };
    }
  }

  #readList(): void {
    const vendor = lstatSync(this.#folder);
    const path = join(this.#folder, LIST);
    if (vendor.isSymbolicLink() || lstatSync(path).isSymbolicLink())
      return this.#unread('it is behind a symbolic link, which is not followed');
    const { bytes } = readBounded(path, { bytesMax: LIST_BYTES_MAX, follow: false });
    if (bytes === undefined) return this.#unread('it is not a file, or too large');
    for (const [index, line] of bytes.toString('utf8').split(/\r?\n/).entries()) {
      if (!line.startsWith('# ')) continue;
      const [, module, version = '', other, otherVersion] = MODULE.exec(line) ?? [];
      if (module === undefined) {
        this.#unread('this line is not one that go writes', index + 1);
        continue;
      }
      const named = other === undefined ? `${module}@${version}` : `${other}@${otherVersion ?? ''}`;
      const isFolder = other !== undefined && otherVersion === undefined;
      const origin = isFolder ? undefined : named;
      const known = this.#modules.get(module);
      if (known !== undefined) {
        // A later line may repeat a replaced module, without a version.
        if (version !== '' || known.origin !== origin)
          this.#unread('a module is listed twice', index + 1);
        continue;
      }
      this.#modules.set(module, { path: module, version, origin, line: index + 1, files: [] });
    }
  }

  #assignFiles(): void {
    if (this.#results.length > 0) return;
    const { files, links, others, isCut } = folderFiles(this.#folder, (path) => path === LIST);
    const extra: string[] = [];
    for (const path of files) {
      const module = this.#moduleOf(path);
      if (module === undefined) extra.push(path);
      else module.files.push(path.slice(module.path.length + 1));
    }
    const built = extra.filter((path) => BUILT.test(path));
    this.#report('installed-link', 'error', [
      [...links, ...others],
      'paths that are neither a file nor a folder',
    ]);
    this.#report('installed-extra', 'error', [built, 'files that belong to no listed module']);
    const beside = extra.filter((path) => !BUILT.test(path));
    this.#report('installed-extra', 'warning', [beside, 'files that belong to no listed module']);
    if (isCut) this.#unread('it has more files than are looked at');
  }

  #moduleOf(path: string): VendoredModule | undefined {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const module = this.#modules.get(path.slice(0, end));
      if (module !== undefined) return module;
    }
    return undefined;
  }

  #checksOf({ path, files }: VendoredModule, archive: UnpackedFiles): Check[] {
    const expected = (file: string): string | undefined => archive.get(file)?.sha512;
    const folder = join(this.#folder, path);
    const added = files.filter((file) => expected(file) === undefined);
    const changed = files.filter((file) => {
      const hash = expected(file);
      return hash !== undefined && hash !== digestOfFile(join(folder, file), 'sha512');
    });
    const about = (
      level: Check['level'],
      [paths, what]: readonly [readonly string[], string],
    ): Check[] =>
      paths.length === 0
        ? []
        : [
            {
              id: 'installed-mismatch',
              level,
              message: `vendor, which go builds from, has files that ${what}: ${listedPaths(paths)}`,
            },
          ];
    return [
      ...about('error', [changed, 'are not those of the module']),
      ...about('error', [added.filter((file) => BUILT.test(file)), 'the module does not have']),
      ...about('warning', [added.filter((file) => !BUILT.test(file)), 'the module does not have']),
    ];
  }

  #report(
    id: Check['id'],
    level: Check['level'],
    [paths, content]: readonly [readonly string[], string],
  ): void {
    if (paths.length === 0) return;
    const message = `vendor, which go builds from, has ${content}: ${listedPaths(paths)}`;
    const place = { file: join(this.#folder, paths[0]!) };
    const checks = [{ id, level, message }];
    this.#results.push({ places: [place], checks, status: 'own', why: 'vendored' });
  }

  #unread(message: string, line = 1): void {
    const error = { code: 'LOCKFILE', message: `go builds from it, and ${message}` } as const;
    this.#results.push({
      places: [this.#placeOf(line)],
      checks: [],
      status: 'not-inspected',
      error,
    });
  }

  #placeOf(line: number): PackageLocation {
    return { lockfile: join(this.#folder, LIST), line };
  }
}

/* Refusals for other reasons than the content of an archive. */
import { unsafeName, unsafePackageName } from '@tarwarden/core/metadata';
import { printable } from '@tarwarden/core/text';
import { notInspected, type Refused, type Subject } from '@tarwarden/host';
import { readdirSync, readlinkSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** The refusal of a package whose name or version would lead out of node_modules. Undefined if both are fine. */
export function climbing(
  subject: Subject,
  name: string | undefined,
  version: string | undefined,
): Refused | undefined {
  const problems = [
    ['name', name === undefined ? undefined : unsafePackageName(name)],
    ['version', version === undefined ? undefined : unsafeName(version)],
  ] as const;
  const [what, why] = problems.find(([, problem]) => problem !== undefined) ?? [];
  if (why === undefined) return undefined;
  const wrong = `a registry, lockfile or package.json gives it a ${what} that is not a ${what}: ${why}`;
  const remedy = 'Do not install it: joined to a path, it leads out of node_modules.';
  return notInspected(subject, wrong, { remedy });
}

/** The refusal of a folder with an entry that leads out of it. */
export function leaving({ name, target }: LeavingEntry, subject: Subject): Refused {
  const what = printable(name, 512);
  const why =
    target === undefined
      ? `${what} is neither a file nor a folder`
      : `${what} is a link that leads out of the package, to ${printable(target, 512)}`;
  return notInspected(subject, why, {
    remedy: 'Take the entry out of the folder or repository that is installed, and install again.',
  });
}

/** A link or special file in a folder that will become a package. */
interface LeavingEntry {
  /** Relative to the folder. */
  readonly name: string;
  /** The target of the link; absent for a special file. */
  readonly target?: string;
}

/**
 * The first entry of a folder that is a link out of it, or is no file, folder or link. No link is followed, because each link in the
 * folder is checked itself.
 */
export function leavingEntry(
  folder: string,
  isInside: (path: string) => boolean,
): LeavingEntry | undefined {
  const folders = [folder];
  for (let at = folders.pop(); at !== undefined; at = folders.pop())
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const path = join(at, entry.name);
      const name = relative(folder, path);
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isSymbolicLink()) {
        const target = readlinkSync(path);
        if (!isInside(resolve(dirname(path), target))) return { name, target };
      } else if (!entry.isFile()) return { name };
    }
  return undefined;
}

import { projectRoot } from '@tarwarden/host';

/** Code scanning knows files by their path in the repository, wherever in it the scan was started. */
export function sourceFolders(): { cwd: string; root: string } {
  const cwd = process.cwd();
  return { cwd, root: projectRoot(cwd) };
}

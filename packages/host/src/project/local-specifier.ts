/** Protocols that name a folder, file or program of this machine. */
const LOCAL_PROTOCOL = /^(?:file|link|portal|exec|path|git\+file):/i;
/** `workspace:../folder`, but not `workspace:^1.0.0`, which names a project by its version. */
const WORKSPACE_PATH = /^workspace:(?:[^@]*[/\\]|\.{1,2}$)/i;
/** A text that starts like a path: `./a`, `../a`, `/a`, `.`, `~/a`, `C:\a`, `\\host\a`. */
const PATH = /^(?:[./\\]|~[/\\]|[a-z]:)/i;
const ARCHIVE = /\.(?:tgz|tar\.gz|tar)$/i;
/** `owner/repository` of GitHub. */
const SHORTHAND = /^[^/\\@:]+\/[^/\\@:]+$/;

/**
 * Whether npm, pnpm or Yarn read a dependency's specifier as a folder or file of this machine. If they differ, the answer is yes:
 * pnpm reads any text with a slash as a path unless another protocol claims it.
 */
export function isLocalSpecifier(specifier: string): boolean {
  const text = specifier.trim();
  if (LOCAL_PROTOCOL.test(text) || WORKSPACE_PATH.test(text) || PATH.test(text)) return true;
  if (text.includes(':')) return false;
  const [path = ''] = text.split('#', 1);
  if (ARCHIVE.test(text)) return true;
  return /[/\\]/.test(path) && !SHORTHAND.test(path);
}

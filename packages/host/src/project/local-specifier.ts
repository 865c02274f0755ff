/** Protocols that name a folder, file or program of this machine. */
const LOCAL_PROTOCOL = /^(?:file|link|portal|exec|path|git\+file):/i;
/** `workspace:../folder`, and not `workspace:^1.0.0`, which names a project by its version. */
const WORKSPACE_PATH = /^workspace:(?:[^@]*[/\\]|\.{1,2}$)/i;
/** A path that begins as such: `./a`, `../a`, `/a`, `.`, `~/a`, `C:\a`, `\\host\a`. */
const PATH = /^(?:[./\\]|~[/\\]|[a-z]:)/i;
const ARCHIVE = /\.(?:tgz|tar\.gz|tar)$/i;
/** `owner/repository` of GitHub. */
const SHORTHAND = /^[^/\\@:]+\/[^/\\@:]+$/;

/**
 * Whether npm, pnpm or Yarn take a dependency's specifier for a folder or file of this machine. Where they differ the answer is
 * yes: pnpm takes any text with a slash that no other protocol claims for a path.
 */
export function isLocalSpecifier(specifier: string): boolean {
  const text = specifier.trim();
  if (LOCAL_PROTOCOL.test(text) || WORKSPACE_PATH.test(text) || PATH.test(text)) return true;
  if (text.includes(':')) return false;
  const [path = ''] = text.split('#', 1);
  if (ARCHIVE.test(text)) return true;
  return /[/\\]/.test(path) && !SHORTHAND.test(path);
}

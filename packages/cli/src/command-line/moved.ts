/** Commands of older versions that are commands of `tarwarden-server` now. */
const MOVED: ReadonlySet<string> = new Set(['gateway', 'verdaccio', 'sweep']);
/** Actions of `tarwarden verdicts` that stayed. */
const VERDICTS: ReadonlySet<string> = new Set(['push', 'pull', 'export', 'import']);

/** Says where a command is now. Undefined if it is here, or never existed. */
export function movedTo(name: string, args: readonly string[]): string | undefined {
  if (MOVED.has(name)) return moved(name);
  if (name !== 'verdicts' || !args.includes('serve')) return undefined;
  // "serve" may also be the name of a folder or file: tarwarden verdicts push serve
  const isServe = args[0] === 'serve' || !args.some((arg) => VERDICTS.has(arg));
  return isServe ? moved('verdicts serve') : undefined;
}

function moved(command: string): string {
  return `"${command}" has moved to the package tarwarden-server; run: tarwarden-server ${command} …`;
}

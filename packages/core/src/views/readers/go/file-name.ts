/** Names of files that golang.org/x/mod/module takes: `CheckFilePath`. */
const ALLOWED = /^[-\p{L}\w!#$%&()+,.=@[\]^{}~ ]$/u;
const WINDOWS = /^(?:con|prn|aux|nul|com[1-9]|lpt[1-9])$/i;

/** Why go does not take a path, if it does not. */
export function fileNameProblem(path: string): string | undefined {
  if (path.includes('\ufffd')) return 'a name is not UTF-8';
  for (const part of path.split('/')) {
    if (part === '' || /^\.+$/.test(part)) return 'a name is empty or of dots';
    if (part.endsWith('.')) return 'a name ends in a dot';
    for (const character of part)
      if (!isAllowed(character)) return 'a name has a character that is not allowed';
    if (WINDOWS.test(part.split('.', 1)[0] ?? '')) return 'a name is reserved on Windows';
  }
  return undefined;
}

function isAllowed(character: string): boolean {
  return character.charCodeAt(0) < 0x80 ? ALLOWED.test(character) : /^\p{L}$/u.test(character);
}

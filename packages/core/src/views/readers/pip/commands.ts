/** Names of the commands in an entry_points.txt, for which pip writes scripts. */
export function commandsOf(text: string): string[] {
  const names: string[] = [];
  let section = '';
  for (const line of text.split(/\r?\n/)) {
    const title = /^\[([^\]]*)\]\s*$/.exec(line)?.[1];
    if (title !== undefined) section = title.trim();
    else if (section === 'console_scripts' || section === 'gui_scripts') {
      const name = line.slice(0, Math.max(0, line.indexOf('='))).trim();
      if (name !== '' && !/^[#;]/.test(name)) names.push(name);
    }
  }
  return names;
}

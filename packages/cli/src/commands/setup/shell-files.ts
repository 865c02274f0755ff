import { join } from 'node:path';
import { shellWord } from '@tarwarden/core/text';
import { fishWord } from '../../completion/fish.ts';
import { completionScript } from '../../completion/script.ts';
import type { SetupFolders } from './folders.ts';
import { loadedFile, type SetupShell } from './profile-line.ts';

/** The names of the files that this module can make. */
export const SHELL_FILES = [
  'profile.sh',
  'profile.fish',
  'completion.bash',
  'completion.zsh',
  'completion.fish',
] as const;

export async function shellFiles(
  shell: SetupShell,
  folders: SetupFolders,
): Promise<Map<string, string>> {
  const profile = shell === 'fish' ? fishProfile(folders) : posixProfile(folders);
  return new Map([
    [loadedFile(shell), profile],
    [`completion.${shell}`, await completionScript(shell)],
  ]);
}

const HEAD = `# "tarwarden setup" wrote this file. It puts the shims first on the PATH, once, and loads completion.
# To remove it, and the line of your profile that loads it: tarwarden setup --undo
`;

/** For bash and zsh, and for sh, which reads \`.profile\` too. A virtual environment may have come before the shims: they move to the front. */
function posixProfile({ shims, shell }: SetupFolders): string {
  return `${HEAD}_tarwarden_shims=${shellWord(shims)}
if [ -d "$_tarwarden_shims" ]; then
  _tarwarden_path=:\${PATH-}:
  while [ "\${_tarwarden_path#*:"$_tarwarden_shims":}" != "$_tarwarden_path" ]; do
    _tarwarden_path=\${_tarwarden_path%%:"$_tarwarden_shims":*}:\${_tarwarden_path#*:"$_tarwarden_shims":}
  done
  _tarwarden_path=\${_tarwarden_path#:}
  _tarwarden_path=\${_tarwarden_path%:}
  PATH=$_tarwarden_shims\${_tarwarden_path:+:$_tarwarden_path}
  export PATH
  unset _tarwarden_path
fi
unset _tarwarden_shims
case $- in
  *i*)
    if [ -n "\${BASH_VERSION-}" ] && [ -r ${shellWord(join(shell, 'completion.bash'))} ]; then
      . ${shellWord(join(shell, 'completion.bash'))}
    elif [ -n "\${ZSH_VERSION-}" ] && command -v compdef > /dev/null && [ -r ${shellWord(join(shell, 'completion.zsh'))} ]; then
      . ${shellWord(join(shell, 'completion.zsh'))}
    fi
    ;;
esac
`;
}

function fishProfile({ shims, shell }: SetupFolders): string {
  const folder = fishWord(shims);
  const completion = fishWord(join(shell, 'completion.fish'));
  return `${HEAD}if test -d ${folder}
    while set -l index (contains -i -- ${folder} $PATH)
        set -e PATH[$index]
    end
    set -gx PATH ${folder} $PATH
end
if status is-interactive; and test -r ${completion}
    source ${completion}
end
`;
}

/*
 * What is not to be read. Landlock can only allow, so that everything is allowed that is not on the way to it: each folder
 * beside that way, and each file. Links are left out, since a rule would hold for what they lead to.
 */
import { existsSync, readdirSync, realpathSync, statSync, type Dirent } from 'node:fs';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { homeFolder } from '@tarwarden/host/home-folder';
import { isWithin } from '@tarwarden/host/real-path';
import { foldersAbove } from './project.ts';
import { ConfineError } from './refusal.ts';
import { variable } from './settings.ts';

/** Rules for one program: as many have to fit on its command line. */
const RULES_MAX = 8192;

/**
 * Paths that may be read with all below them, so that none of `hidden` can be.
 * @param writable Folders in which files are made, which a rule by name would miss.
 * @throws ConfineError where something hidden lies in one of these.
 */
export function readable(hidden: readonly string[], writable: readonly string[]): string[] {
  const real = [...new Set(hidden.filter((path) => existsSync(path)).map((p) => realpathSync(p)))];
  for (const path of real)
    for (const folder of writable)
      if (isWithin(folder, path))
        throw new ConfineError(
          `${path} cannot be hidden: it lies in ${folder}, where writing is allowed`,
        );
  const ways = new Set(real.flatMap((path) => foldersAbove(dirname(path))));
  const all = [...ways].flatMap((folder) =>
    entriesOf(folder)
      .filter((entry) => !entry.isSymbolicLink())
      .map(({ name }) => join(folder, name))
      .filter((path) => !ways.has(path) && !real.includes(path)),
  );
  if (all.length > RULES_MAX)
    throw new ConfineError(
      `${all.length} files and folders lie beside what is to be hidden, and ${RULES_MAX} can be named`,
    );
  return all;
}

/** A folder that cannot be listed by us cannot be read by the program either. */
function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Files and folders of the home folder in which programs keep what signs a person in. */
const SECRETS =
  '.aws .azure .boto .bundle/config .bunfig.toml .cargo/credentials .cargo/credentials.toml .claude .claude.json .codex ' +
  '.databrickscfg .docker .fly .gem/credentials .git-credentials .gnupg .kube .local/share/com.vercel.cli ' +
  '.local/share/gem/credentials .local/share/keyrings .m2/settings.xml .mozilla .my.cnf .netrc .npmrc .nuget/NuGet .oci ' +
  '.password-store .pgpass .pip .pypirc .s3cfg .sentryclirc .ssh .terraform.d/credentials.tfrc.json .terraformrc ' +
  '.thunderbird .vault-token .yarnrc .yarnrc.yml';

/** The same for the folder of settings, `~/.config` or as XDG_CONFIG_HOME says. */
const SECRETS_OF_CONFIG =
  '.bunfig.toml .npmrc .wrangler BraveSoftware NuGet chromium configstore containers doctl gcloud gh git/credentials github-copilot glab-cli ' +
  'go/env google-chrome hcloud heroku hub microsoft-edge netlify op pip pnpm/auth.ini pnpm/rc pypoetry/auth.toml rclone solana sops stripe';

/** Variables by which a person has such a file or folder elsewhere; some name several, with colons between them. */
const SECRETS_OF_VARIABLES =
  'AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE AZURE_CONFIG_DIR BOTO_CONFIG CLOUDSDK_CONFIG DOCKER_CONFIG GH_CONFIG_DIR ' +
  'GNUPGHOME GOOGLE_APPLICATION_CREDENTIALS KUBECONFIG NETRC PGPASSFILE PIP_CONFIG_FILE TF_CLI_CONFIG_FILE';

export function secretsOf(env: NodeJS.ProcessEnv): string[] {
  const home = homeFolder(env);
  const xdg = env['XDG_CONFIG_HOME'] ?? '';
  const configs = [...new Set([join(home, '.config'), ...(isAbsolute(xdg) ? [xdg] : [])])];
  const named = [
    variable(env, 'userconfig'),
    variable(env, 'globalconfig'),
    ...SECRETS_OF_VARIABLES.split(' ').flatMap((name) => env[name]?.split(delimiter)),
  ];
  return [
    ...SECRETS.split(' ').map((name) => join(home, name)),
    ...configs.flatMap((folder) => SECRETS_OF_CONFIG.split(' ').map((name) => join(folder, name))),
    ...named.filter((path) => path !== undefined).filter((path) => isAbsolute(path)),
  ].filter(isFileOrFolder);
}

/** A device, as /dev/null, holds nothing. */
function isFileOrFolder(path: string): boolean {
  try {
    const stat = statSync(path);
    return stat.isFile() || stat.isDirectory();
  } catch {
    return false;
  }
}

/*
 * Files and folders that must not be read. Landlock can only allow. So a program may read everything beside the way to a hidden
 * path. Links are left out, because a rule for a link holds for its target.
 */
import { existsSync, realpathSync, statSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { folderEntries } from '@tarwarden/guard';
import { foldersAbove } from '@tarwarden/guard/folders-above';
import { homeFolder } from '@tarwarden/guard/home-folder';
import { isWithin } from '@tarwarden/guard/real-path';
import { ConfineError } from './paths.ts';

/** The most rules for one program. They have to fit on its command line. */
const RULES_MAX = 8192;

/**
 * The paths that may be read with everything below them. They contain no path of `hidden`.
 * @param writable Folders in which new files appear, for which no rule could name them.
 * @throws ConfineError if a hidden path is in one of these folders.
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
  // A folder that we cannot list cannot be read by the program either.
  const paths = [...ways].flatMap((folder) =>
    folderEntries(folder)
      .filter((entry) => !entry.isSymbolicLink())
      .map(({ name }) => join(folder, name))
      .filter((path) => !ways.has(path) && !real.includes(path)),
  );
  if (paths.length > RULES_MAX)
    throw new ConfineError(
      `${paths.length} files and folders lie beside what is to be hidden, and ${RULES_MAX} can be named`,
    );
  return paths;
}

/** Files and folders of the home folder in which programs keep credentials, and what a person typed, which may hold some. */
const SECRETS =
  '.aws .azure .bash_history .bluemix .boto .bundle/config .bunfig.toml .cargo/credentials .cargo/credentials.toml .cf .chef .circleci ' +
  '.claude .claude.json .codex .composer/auth.json .databrickscfg .docker .fly .gem/credentials .git-credentials .gnupg ' +
  '.gradle/gradle.properties .helm/repository .huggingface .ivy2/.credentials .jfrog .kaggle .kube .local/share/com.vercel.cli ' +
  '.local/share/fish/fish_history .local/share/gem/credentials .local/share/keyrings .local/share/python_keyring .local/share/uv/credentials ' +
  '.m2/settings-security.xml .m2/settings.xml .mozilla .my.cnf .mylogin.cnf .mysql_history .netrc .ngrok2 .node_repl_history .npmrc ' +
  '.nuget/NuGet .oci .packagecloud .password-store .pgpass .pip .psql_history .pub-cache/credentials.json .pulumi/credentials.json .pypirc ' +
  '.python_history .railway .redisclirc .s3cfg .sbt/.credentials .sentryclirc .snowsql .ssh .step .subversion/auth .supabase ' +
  '.terraform.d/credentials.tfrc.json .terraformrc .thunderbird .travis .vault-token .wgetrc .yarnrc .yarnrc.yml .zsh_history';

/** The same for the folder of settings, `~/.config` or XDG_CONFIG_HOME. */
const SECRETS_OF_CONFIG =
  '.bunfig.toml .npmrc .wrangler BraveSoftware NuGet argocd chromium composer/auth.json configstore containers dart/pub-credentials.json doctl fly ' +
  'gcloud gh git/credentials github-copilot glab-cli go/env google-chrome hcloud helm heroku hub huggingface jfrog kaggle linode-cli ' +
  'microsoft-edge netlify ngrok op openstack pip pnpm/auth.ini pnpm/rc pulumi pypoetry/auth.toml rclone scw snowflake solana sops step stripe ' +
  'vercel yandex-cloud';

/** The same for the folder of caches, `~/.cache` or XDG_CACHE_HOME. */
const SECRETS_OF_CACHE = 'huggingface/stored_tokens huggingface/token';

/** The same for the folder of the session, `/run/user/UID` or XDG_RUNTIME_DIR. podman, buildah and skopeo keep credentials there. */
const SECRETS_OF_SESSION = 'containers/auth.json';

/** Variables that name such files, with colons between them. A path behind a variable is below its folder. */
const SECRETS_OF_VARIABLES =
  'AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE AWS_WEB_IDENTITY_TOKEN_FILE AZURE_CONFIG_DIR BOTO_CONFIG CARGO_HOME/credentials ' +
  'CARGO_HOME/credentials.toml CLOUDSDK_CONFIG COMPOSER_HOME/auth.json DOCKER_CONFIG GH_CONFIG_DIR GLAB_CONFIG_DIR GNUPGHOME ' +
  'GOOGLE_APPLICATION_CREDENTIALS GRADLE_USER_HOME/gradle.properties HELM_CONFIG_HOME HELM_REGISTRY_CONFIG HELM_REPOSITORY_CONFIG ' +
  'HF_HOME/stored_tokens HF_HOME/token HF_TOKEN_PATH JFROG_CLI_HOME_DIR KAGGLE_CONFIG_DIR KUBECONFIG NETRC OCI_CLI_CONFIG_FILE PGPASSFILE ' +
  'PIP_CONFIG_FILE PULUMI_HOME/credentials.json RCLONE_CONFIG REGISTRY_AUTH_FILE TF_CLI_CONFIG_FILE';

/** Variables that name a settings file of npm or pnpm. */
const NPMRC = /^p?npm_config_(?:userconfig|globalconfig)$/i;

export function secretsOf(env: NodeJS.ProcessEnv): string[] {
  const home = homeFolder(env);
  const session = process.getuid === undefined ? [] : [`/run/user/${process.getuid()}`];
  const below = (names: string, folders: readonly string[]): string[] =>
    folders.flatMap((folder) => names.split(' ').map((name) => join(folder, name)));
  const namedPaths = [
    ...Object.entries(env).map(([name, path]) => (NPMRC.test(name) ? path : undefined)),
    ...SECRETS_OF_VARIABLES.split(' ').flatMap((text) => pathsNamedBy(text, env)),
  ];
  const candidates = [
    ...below(SECRETS, [home]),
    ...below(SECRETS_OF_CONFIG, [join(home, '.config'), ...pathsNamedBy('XDG_CONFIG_HOME', env)]),
    ...below(SECRETS_OF_CACHE, [join(home, '.cache'), ...pathsNamedBy('XDG_CACHE_HOME', env)]),
    ...below(SECRETS_OF_SESSION, [...session, ...pathsNamedBy('XDG_RUNTIME_DIR', env)]),
    ...namedPaths.filter((path) => path !== undefined),
  ];
  return [...new Set(candidates)].filter((path) => isAbsolute(path) && isFileOrFolder(path));
}

/** @param text Name of a variable, which may have a path behind it. */
function pathsNamedBy(text: string, env: NodeJS.ProcessEnv): string[] {
  const [name = '', ...names] = text.split('/');
  const paths = env[name]?.split(delimiter) ?? [];
  return paths.filter((path) => path !== '').map((path) => join(path, ...names));
}

/** A device such as /dev/null holds no secret. */
function isFileOrFolder(path: string): boolean {
  try {
    const stat = statSync(path);
    return stat.isFile() || stat.isDirectory();
  } catch {
    return false;
  }
}

/** npm's settings: `.npmrc` of the project. Names as npm writes them; `//:name` is `//host/:name`. */
import type { Row } from './row.ts';

const INSPECTED = 'whatever npm fetches leaves it by one method, where it is inspected';

export const npmSettings: readonly Row[] = [
  {
    names: `all audit audit-level color depth description diff diff-dst-prefix diff-ignore-all-space
      diff-name-only diff-no-prefix diff-src-prefix diff-text diff-unified expect-result-count
      expect-results fund heading if-present json logs-max long message parseable progress
      sbom-format sbom-type searchexclude searchlimit searchopts searchstaleness timing unicode
      update-notifier usage version versions which yes`,
    class: 'harmless',
    gain: 'another output, or none',
    stops: 'the exit code says it, and the list of refusals is written past npm’s own output',
    tries: { json: 'true', progress: 'false', timing: 'true', unicode: 'false' },
  },
  {
    names: 'loglevel',
    class: 'guard',
    gain: 'hides npm’s error: `silent`',
    stops: 'the list of refusals is written past npm’s own output; the exit code stays 1',
    tries: { loglevel: 'silent' },
  },
  {
    names: `access allow-same-version auth-type bypass-2fa cidr commit-hooks edit-dir expires
      git-tag-version global-ignore-file ignore-existing include-attestations include-staged
      init-author-email init-author-name init-author-url init-license init-private init-type
      init-version init.author.email init.author.name init.author.url init.license init.version
      keep-edit-dir name orgs orgs-permission otp pack-destination packages packages-all
      packages-and-scopes-permission password preid provenance provenance-file read-only
      scopes sign-git-commit sign-git-tag tag-version-prefix to token-description`,
    class: 'harmless',
    gain: 'how packages, tokens and projects are made and published',
    stops: 'fetches no package',
  },
  {
    names: `allow-scripts-pending allow-scripts-pin format-package-lock lockfile-version save
      save-bundle save-dev save-exact save-optional save-peer save-prefix save-prod
      strict-npmrc omit-lockfile-registry-resolved patches-dir`,
    class: 'harmless',
    gain: 'how package.json, lockfile and patches are written',
    stops: 'what is then read from them is inspected',
    tries: {
      'lockfile-version': '1',
      'omit-lockfile-registry-resolved': 'true',
      save: 'false',
      'save-bundle': 'true',
    },
  },
  {
    names: 'allow-unused-patches ignore-patch-failures',
    class: 'harmless',
    gain: 'installs although a patch does not apply',
    stops: 'npm takes these from the command line only; a patch changes what was inspected before',
  },
  {
    names: `allow-directory allow-file allow-git allow-remote also before cpu dev dry-run
      engine-strict force include include-workspace-root legacy-peer-deps libc min-release-age
      min-release-age-exclude omit only optional os package-lock package-lock-only
      prefer-dedupe production rebuild-bundle shrinkwrap strict-peer-deps tag workspace
      workspaces workspaces-update`,
    class: 'source',
    gain: 'which packages are chosen, also for another platform, or from git and URLs',
    stops: INSPECTED,
    tries: {
      'allow-directory': 'all',
      'allow-file': 'all',
      'allow-git': 'all',
      'allow-remote': 'all',
      also: 'dev',
      before: '2021-01-01',
      cpu: 'arm64',
      dev: 'true',
      'dry-run': 'true',
      'engine-strict': 'false',
      force: 'true',
      include: 'optional',
      'include-workspace-root': 'true',
      'legacy-peer-deps': 'true',
      libc: 'musl',
      'min-release-age': '0',
      'min-release-age-exclude': 'tarwarden-subject',
      omit: 'optional',
      only: 'prod',
      optional: 'false',
      os: 'win32',
      'package-lock': 'false',
      'package-lock-only': 'true',
      'prefer-dedupe': 'true',
      production: 'true',
      'rebuild-bundle': 'true',
      shrinkwrap: 'false',
      'strict-peer-deps': 'true',
      tag: 'latest',
      workspace: 'x',
      workspaces: 'true',
      'workspaces-update': 'false',
    },
  },
  {
    names: `//:_auth //:_authToken //:_password //:certfile //:email //:keyfile //:username _auth ca
      cache-max cache-min cafile cert fetch-retries fetch-retry-factor fetch-retry-maxtimeout
      fetch-retry-mintimeout fetch-timeout https-proxy key local-address maxsockets noproxy
      offline prefer-offline prefer-online proxy registry replace-registry-host scope strict-ssl
      user-agent`,
    class: 'source',
    gain: 'another registry, proxy or authority, so other bytes; bytes of npm’s cache',
    stops: `${INSPECTED}, from the cache as well`,
    tries: {
      'cache-max': '0',
      'cache-min': '99999',
      cafile: './ca',
      'fetch-retries': '0',
      'fetch-retry-factor': '1',
      'fetch-retry-maxtimeout': '1',
      'fetch-retry-mintimeout': '1',
      'fetch-timeout': '30000',
      'local-address': '127.0.0.1',
      maxsockets: '1',
      noproxy: '127.0.0.1',
      offline: 'true',
      'prefer-offline': 'true',
      'prefer-online': 'true',
      proxy: 'http://127.0.0.1:9/',
      registry: '$REGISTRY/',
      'replace-registry-host': 'always',
      scope: '@scope',
      'strict-ssl': 'false',
      'user-agent': 'x',
    },
  },
  {
    names: 'globalconfig userconfig',
    class: 'source',
    gain: 'files of the repository instead of the user’s .npmrc: other registries, no proxy',
    stops: `${INSPECTED}; the guard’s policy is in neither`,
    tries: { globalconfig: './other', userconfig: './other\nregistry=$REGISTRY/' },
  },
  {
    names: 'global location',
    class: 'placement',
    gain: '`npm install x` lands in the global prefix',
    stops: `${INSPECTED}, there by the user’s own policy only`,
    tries: { global: 'true', location: 'global' },
  },
  {
    names: `bin-links global-style install-links install-strategy legacy-bundling link logs-dir
      prefix umask`,
    class: 'placement',
    gain: 'another layout, folder or mode of what is installed',
    stops: `${INSPECTED}; only what was accepted is unpacked anywhere`,
    tries: {
      'bin-links': 'false',
      'global-style': 'true',
      'install-links': 'true',
      'install-strategy': 'linked',
      'legacy-bundling': 'true',
      link: 'true',
      'logs-dir': './logs',
      prefix: './other',
      umask: '0',
    },
  },
  {
    names: 'cache',
    class: 'placement',
    gain: 'a cache that came with the repository: tarballs in it, and trees of `npx` that run',
    stops: `${INSPECTED}; trees of npx have a folder of the guard's, wherever the cache is`,
    tries: { cache: './cache' },
    test: 'test/e2e/npm/npx.test.ts › does not run a tree out of a cache that the project chose',
  },
  {
    names: `allow-scripts browser call dangerously-allow-all-scripts editor foreground-scripts git
      ignore-scripts init-module init.module node-gyp package script-shell shell
      strict-allow-scripts viewer`,
    class: 'runs-code',
    gain: 'a program or script of the repository, or of an accepted package, runs',
    stops: 'nothing, as without the guard; what npm starts is guarded again',
    tries: {
      'allow-scripts': 'tarwarden-subject',
      browser: './program',
      'dangerously-allow-all-scripts': 'true',
      editor: './program',
      'foreground-scripts': 'true',
      git: './program',
      'ignore-scripts': 'false',
      'node-gyp': './program',
      'script-shell': './program',
      shell: './program',
      'strict-allow-scripts': 'false',
      viewer: './program',
    },
    page: 'docs/managers/npm.md#known-holes',
  },
  {
    names: 'extension-file ignore-extension',
    class: 'guard',
    gain: 'npm 12 loads `.npm-extension.cjs` of the repository into its own process, which can undo the guard',
    stops:
      'a dependency that it adds is inspected; against one that attacks the guard: `--ignore-extension` or `--ignore-scripts`',
    test: 'test/e2e/npm/project-settings.test.ts › inspects what an extension of the project adds',
    page: 'docs/managers/npm.md#known-holes',
  },
  {
    names: 'node-options',
    class: 'guard',
    gain: 'replaces NODE_OPTIONS, and with it the guard, in what npm starts',
    stops: 'the guard is put in front of the value again',
    tries: { 'node-options': '--no-warnings' },
    test: 'test/e2e/npm/projects.test.ts › stays in an npm that a script starts, behind the options of .npmrc',
  },
];

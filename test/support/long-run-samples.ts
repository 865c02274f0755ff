/** Small files as their programs write them, with `§` where somebody may have put anything. */

const HEX = 'ab'.repeat(32);
const SRI = `sha512-${Buffer.alloc(64).toString('base64')}`;

/** By the name of the file. */
export const LOCKFILE_SAMPLES: Readonly<Record<string, string>> = {
  'requirements.txt': `#§\n--index-url §\n--§\na§==§1.0§ --hash=sha256:${HEX}§ \\\n    --hash=sha256:${HEX}§\na[§]==1.0 ; § \nb @ §https://h.test/§b-1.0.tar.gz§#sha256=${HEX}§\nc==1 §\\\nd§`,
  'pylock.toml': `lock-version = "1.0"\n#§\n§\n[[packages]]\nname = "§a"\nversion = "§1.0"\nsdist = { url = "https://h.test/§a.tar.gz§", hashes = { sha256 = "§${HEX}", "§" = "§" } }\n[[packages]]\nname = "b"\nwheels = [{ path = "§", name = "§b.whl", hashes = {} }]\nvcs = { url = "§" }\n`,
  'Gemfile.lock': `§GEM\n  remote: §https://h.test/§\n  specs:\n    §a§ (§1.0§)§\n      §b (>= 1§)\n\nPATH\n  remote: §\n  specs:\n\nPLATFORMS\n  §ruby\n\nCHECKSUMS\n  §a§ (1.0§)§ sha256=§${HEX}§\n\nBUNDLED WITH\n  §2.6\n`,
  'go.sum': `§example.com/§a§ §v1.0.0§ §h1:${'A'.repeat(43)}=§\n§\n`,
  'yarn.lock': `# yarn lockfile v1\n#§\n§\n§"a@§^1.0.0§", §b@^1.0.0§:\n  version "§1.0.0§"\n  resolved "§https://h.test/§a/-/a-1.0.0.tgz#§${'ab'.repeat(20)}§"\n  integrity §${SRI}§\n  dependencies:\n    §b§ "§^1"\n`,
  'pnpm-lock.yaml': `lockfileVersion: '9.0'\n#§\n§\nimporters:\n  §.:\n    dependencies:\n      §a:\n        specifier: §^1.0.0\n        version: §1.0.0§(b@1§)\npackages:\n  §a@§1.0.0§(b@1§):\n    resolution: {integrity: §${SRI}§, tarball: §https://h.test/a.tgz§}\n  'b@§':\n    resolution: {type: git, repo: §}\nsnapshots:\n  a@§1.0.0§(b§): {}\n`,
  'package-lock.json': `{"lockfileVersion":3,§"packages":{"":{"dependencies":{"§a":"§^1"}},"§node_modules/§a§":{"version":"§1.0.0","resolved":"§https://h.test/§a.tgz§","integrity":"§${SRI}§"}},"dependencies":{"§a":{"version":"§npm:§b@1§","resolved":"§"}}§}`,
  'bun.lock': `{"lockfileVersion":1,§"workspaces":{"":{"dependencies":{"§a":"§"}}},"packages":{"§a§":["§a@§1.0.0§","§https://h.test/§a.tgz",{"os":"§"},"§${SRI}§"],"b":["b@§git+https://§",{}],}§}`,
};

/** A yarn.lock of Yarn 2 and newer. */
export const BERRY_SAMPLE = `__metadata:\n  version: 8\n  cacheKey: §10c0\n#§\n§\n"a@§npm:^1.0.0§, a@§npm:~1.0.0§":\n  version: §1.0.0§\n  resolution: "§a@§npm:§1.0.0§::__archiveUrl=§https%3A§"\n  checksum: §10c0/§${'ab'.repeat(64)}§\n  conditions: §\n  languageName: node\n"b@patch:§b@1§#§":\n  resolution: "b@patch:b@§npm%3A1#§::§"\n"c@file:§":\n  resolution: "c@file:§./c.tgz#§::hash=§"\n`;

export const INDEX_PAGE_SAMPLE = `<html>§<base href="§https://h.test/§">§<a§ href=§"§../a-1.0.tar.gz§#§sha256=§${HEX}§" title='§' §>§</a§>§`;
export const INDEX_JSON_SAMPLE = `{"files":[{"filename":"§a-1.0.tar.gz","url":"§https://h.test/§a-1.0.tar.gz§#§","hashes":{"§sha256":"§${HEX}"},"requires-python":"§","yanked":"§"}]§}`;

export const SETTINGS_SAMPLES: Readonly<Record<string, string>> = {
  '.npmrc':
    '§registry=§https://h.test/§\n//§h.test/§:_authToken=§${§}§\n@§a§:registry=§\n§=§\n[§]\n;§\nca[]="§"\ncache=§~/§\n',
  '.yarnrc.yml':
    'npmRegistryServer: "§https://h.test/§"\n§\nnpmScopes:\n  §a:\n    npmRegistryServer: §https://h.test§\nnpmRegistries:\n  "§//h.test§":\n    npmAuthToken: "§${§:-§}"\n    npmAuthIdent: §\ncacheFolder: §./§\n',
  'pnpm-workspace.yaml':
    '§\nregistry: §\nregistries:\n  "§@a": §https://h.test/§\npackages:\n  - "§a/§*§"\n  - "§!§"\ncatalog:\n  §a: §^1\noverrides:\n  "§a@1§>b§": §1\nstoreDir: §\n',
  'bunfig.toml':
    '§\n[install]\nregistry = "§https://h.test/§"\ncache = "§$A§"\n[install.scopes]\n"§a" = { url = "§https://h.test", token = "§$B§" }\n',
  'package.json':
    '{"name":"§a","workspaces":["§a/§*§","§!§"],"dependencies":{"§b":"§^1§","c":"§git+https://§h.test/c§.git#§","d":"§github:a/b§#§","e":"§catalog:§","f":"§npm:§g@§1"},"overrides":{"§b@§1§":"§1","c>§d":{".":"§"}},"resolutions":{"§a/**/§b":"§"}}',
};

export const PIP_SAMPLE =
  '§[§global§]§\n§index-url§ = §https://h.test/§\n  §https://i.test§\n#§\n;§\n§';
export const GO_ENV_SAMPLE = '§GOPROXY§=§https://h.test§,§direct§\n#§\n§\n';
export const BUNDLE_SAMPLE =
  '§---\n§BUNDLE_§HTTPS://H__TEST/§: "§a:b§"\nBUNDLE_MIRROR__HTTPS://§RUBYGEMS__ORG/: "§https://h.test/§"\n';
export const NETRC_SAMPLE =
  '§machine§ §h.test§ login §"a§\\§"§ password §b\n§#§\nmacdef §c\n§\n\ndefault§';
export const GEMFILE_SAMPLE =
  '§source §"§https://h.test/§"§\ngem §\'§a\', source: "§https://§"\n#§\n';

/** METADATA of a wheel and PKG-INFO of a source archive. */
export const CORE_METADATA_SAMPLE =
  '§Metadata-Version: §2.1§\n§Name§:§ §a§\nVersion§: §1.0§\n §\nRequires-Dist: §b§ (§>=1§) ; §extra == "§"\nRequires-Dist: c @ §https://§h.test/§\n\n§body§\n';

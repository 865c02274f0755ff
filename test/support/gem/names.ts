/** Names, versions and platforms that a gem may have, and others of which a client would make a path that leads elsewhere. */

export const ORDINARY_NAMES = [
  'rack',
  'RedCloth',
  'net-http.digest_auth',
  'rails-assets-a.b.c',
  'a_B-1.2',
  '_',
  '-x',
  '2ch..x',
] as const;

export const HOSTILE_NAMES = [
  '../x',
  '../../x',
  '..',
  '.',
  '.x',
  '/x',
  '/etc/x',
  '//host/x',
  'a/x',
  'a/../../x',
  './x',
  'x/',
  'x/..',
  String.raw`..\x`,
  String.raw`a\..\..\x`,
  'C:x',
  'file:///etc/passwd',
  '%2e%2e%2fx',
  'x%2f..%2f..%2fy',
  'x\0',
  'x\n../y',
  'x ',
  ' x',
  '',
  'x~',
  '~root',
  '\u2025/x',
  'e\u0301',
  '\uff0e\uff0e/x',
] as const;

export const ORDINARY_VERSIONS = ['1', '1.0.0', '1.0.0.pre.1', '0.0.0.a', '2026.11.29', '1.0-rc1'];

export const HOSTILE_VERSIONS = ['', '../1', '1/../../x', '1.0\n', '1.0 ', 'x', '1.0-../x', '1\0'];

export const ORDINARY_PLATFORMS = [
  '',
  'ruby',
  'java',
  'x86_64-linux-gnu',
  'x86-mswin32-60',
  'universal-java-1.5.0',
  'powerpc-darwin-7.9.0',
  'arm64-darwin-23',
];

export const HOSTILE_PLATFORMS = ['../x', 'x86/../../x', 'x86-..\\x', '/x', 'a b', "x86\nputs 'x'"];

/** What a package says of itself: bounded readers of package.json and npm-shrinkwrap.json. */
export { isRecord, unsafeName, unsafePackageName } from './manifest.ts';
export { placesOutside } from './shrinkwrap.ts';

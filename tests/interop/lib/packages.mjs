// The pinned packages stand in a cache, not next to the script that needs them; this finds them there.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(pathToFileURL(`${process.env.NODE_PACKAGES}/`));
export const load = (name) => import(pathToFileURL(require.resolve(name)));

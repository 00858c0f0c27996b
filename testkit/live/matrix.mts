import { senderOf, senders, type Sender } from '../providers/senders.mts';

/** Whether every provider is tested in every way; else one provider stands for the others. */
export const isFullMatrix =
	process.env.MATRIX === 'all' ||
	['test:all', 'test:compat'].includes(process.env.npm_lifecycle_event ?? '');

/**
 * The providers with which a behaviour is tested on n8n: the named ones, or all in `npm run test:all` and
 * `npm run test:compat`, or with MATRIX=all in the environment. Name providers so that each is used about equally, and
 * those that alone can show something, such as a token in the query.
 */
export const providersFor = (...names: string[]): readonly Sender[] =>
	isFullMatrix ? senders : names.map(senderOf);

import { join } from 'node:path';
import { objectAt } from '../testkit/providers/samples.mts';
import {
	senders,
	type JsonObject,
	type Sample,
	type Sender,
} from '../testkit/providers/senders.mts';
import { GenStandIn, type GenVariants } from '../testkit/mockApis/gen.mts';
import { GestaoOnlineStandIn } from '../testkit/mockApis/gestaoOnline.mts';
import { isObject } from '../testkit/mockApis/server.mts';
import { repositoryRoot } from '../testkit/n8n/paths.mts';

/** Where `npm start` keeps its n8n: inside the checkout, ignored by git, so that a second start keeps everything. */
export const demoFolder = join(repositoryRoot, '.n8n');

/** The file in a demo's folder that holds what `npm run send` needs to reach it. */
export const demoFile = (folder: string) => join(folder, 'demo.json');

/** The demo's production webhooks, by provider. */
export interface Demo {
	webhooks: Record<string, { url: string; token: string }>;
}

const typeOf = (name: string) => `n8n-nodes-brazil-commerce.${name}`;

/** The credential that each node of the demo gets. */
export const credentialTypeOf: Readonly<Record<string, string>> = {
	...Object.fromEntries(senders.map(({ nodeType, credentialType }) => [nodeType, credentialType])),
	[typeOf('gestaoOnline')]: 'gestaoOnlineApi',
	[typeOf('genTrigger')]: 'genApi',
};

/** The credentials that open a stand-in: every start has new ones. */
export const ofStandIns: ReadonlySet<string> = new Set(['genApi', 'gestaoOnlineApi']);

/** What the demo changes in an example: Gen sends its beta events only to those who select them. */
export const demoParameters: Readonly<Record<string, JsonObject>> = {
	[typeOf('genTrigger')]: { events: ['*', 'charge-create', 'charge-in', 'charge-cancelled'] },
};

/** What became of a sample. */
export interface Delivered {
	answer: string;
	isAccepted: boolean;
}

/** The stand-ins of the providers that have an API, and the credentials for all providers. */
export class DemoProviders {
	private constructor(
		private readonly gen: GenStandIn,
		private readonly gestaoOnline: GestaoOnlineStandIn,
		/** By credential type. */
		readonly credentials: Readonly<Record<string, Record<string, string>>>,
	) {}

	/**
	 * @param tokens the webhook tokens by provider
	 * @param publicUrl where n8n says that it is
	 * @param localUrl where it really is
	 */
	static async start(
		tokens: Readonly<Record<string, string>>,
		publicUrl: string,
		localUrl: string,
	): Promise<DemoProviders> {
		// The samples are whole events already.
		const eventShape: GenVariants['eventShape'] = (_event, subject) =>
			isObject(subject) ? subject : {};
		const gen = await GenStandIn.start({ eventShape, hosts: { [publicUrl]: localUrl } });
		const gestaoOnline = await GestaoOnlineStandIn.start();
		const webhooks = senders
			.filter(({ provider }) => provider !== 'gen')
			.map(({ provider, credentialType, credentialData }) => [
				credentialType,
				credentialData(tokens[provider] ?? ''),
			]);
		return new DemoProviders(gen, gestaoOnline, {
			...Object.fromEntries(webhooks),
			genApi: {
				environment: 'custom',
				baseUrl: gen.url,
				sellerId: gen.sellerId,
				refreshToken: gen.refreshToken,
				webhookToken: tokens.gen ?? '',
			},
			gestaoOnlineApi: {
				apiKey: gestaoOnline.apiKey,
				origin: gestaoOnline.origin,
				baseUrl: gestaoOnline.url,
			},
		});
	}

	/** Lets a stand-in know of a sample. Where it sends the webhooks itself, resolves with what came of it. */
	async send(sender: Sender, sample: Sample, payload: JsonObject): Promise<Delivered | undefined> {
		if (sender.provider === 'gestaoOnline') {
			const { id, code = null } = objectAt(payload, 'data');
			this.gestaoOnline.setOrder(String(id), { code });
		}
		if (sender.provider !== 'gen') return undefined;
		const event = await this.gen.emit(sample.event, payload);
		await this.gen.idle();
		const status = this.gen.notifications.findLast((tried) => tried.event_id === event.id)?.status;
		return {
			answer: status === undefined ? 'not registered' : `${status ?? 'none'} to the stand-in`,
			isAccepted: status === 200,
		};
	}

	async stop(): Promise<void> {
		await Promise.all([this.gen.stop(), this.gestaoOnline.stop()]);
	}
}

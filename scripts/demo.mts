import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { objectAt } from '../testkit/providers/samples.mts';
import {
	senders,
	type JsonObject,
	type Sample,
	type Sender,
} from '../testkit/providers/senders.mts';
import { AbacatePayMockApi } from '../testkit/mockApis/abacatePay.mts';
import { GenMockApi, type GenVariants } from '../testkit/mockApis/gen.mts';
import { GestaoOnlineMockApi } from '../testkit/mockApis/gestaoOnline.mts';
import { isObject } from '../testkit/mockApis/server.mts';
import { WooviMockApi } from '../testkit/mockApis/woovi.mts';
import { request } from '../testkit/n8n/http.mts';
import { repositoryRoot } from '../testkit/n8n/paths.mts';

/** Where `npm start` keeps its n8n: inside the checkout, ignored by git, so that a second start keeps everything. */
export const demoFolder = join(repositoryRoot, '.n8n');

/** The file in a demo's folder that holds what `npm run send` needs to reach it. */
export const demoFile = (folder: string) => join(folder, 'demo.json');

/** The demo's production webhooks, by provider. */
export interface Demo {
	webhooks: Record<string, { url: string; token: string } | undefined>;
}

/** The webhooks of the last start in a folder. */
export function readDemo(folder: string): Demo {
	const file = demoFile(folder);
	return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Demo) : { webhooks: {} };
}

const GESTAO_ONLINE_NODE = 'n8n-nodes-brazil-commerce.gestaoOnline';
const GEN_TRIGGER = 'n8n-nodes-brazil-commerce.genTrigger';
const ABACATEPAY_TRIGGER = 'n8n-nodes-brazil-commerce.abacatePayTrigger';
const WOOVI_TRIGGER = 'n8n-nodes-brazil-commerce.wooviTrigger';

/** The credential type that each node of the demo gets. */
export const credentialTypes: Readonly<Record<string, string>> = {
	...Object.fromEntries(senders.map(({ nodeType, credentialType }) => [nodeType, credentialType])),
	[GESTAO_ONLINE_NODE]: 'gestaoOnlineApi',
	[GEN_TRIGGER]: 'genApi',
	[ABACATEPAY_TRIGGER]: 'abacatePayApi',
	[WOOVI_TRIGGER]: 'wooviApi',
};

/**
 * What the demo changes in an example: Gen sends its beta events only to those who select them; the triggers of
 * AbacatePay and Woovi take every event and register themselves.
 */
export const demoParameters: Readonly<Record<string, JsonObject>> = {
	[GEN_TRIGGER]: { events: ['*', 'charge-create', 'charge-in', 'charge-cancelled'] },
	[ABACATEPAY_TRIGGER]: { registration: 'automatic', events: ['*'] },
	[WOOVI_TRIGGER]: { registration: 'automatic', events: ['*'] },
};

/** What became of a sample. */
export interface Delivered {
	answer: string;
	isAccepted: boolean;
}

/** Plays the providers: mock APIs of those that have one, and a webhook token for each. */
export class DemoProviders {
	/** By credential type. */
	readonly credentials: Readonly<Record<string, Record<string, string>>>;

	private constructor(
		private readonly gen: GenMockApi,
		private readonly gestaoOnline: GestaoOnlineMockApi,
		private readonly abacatePay: AbacatePayMockApi,
		private readonly woovi: WooviMockApi,
		/** By provider. */
		readonly tokens: Readonly<Record<string, string>>,
	) {
		this.credentials = {
			...Object.fromEntries(
				senders.map(({ provider, credentialType, credentialData }) => [
					credentialType,
					credentialData(tokens[provider] ?? ''),
				]),
			),
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
			abacatePayApi: {
				apiKey: abacatePay.apiKey,
				baseUrl: abacatePay.baseUrl,
				webhookToken: tokens.abacatePay ?? '',
			},
			wooviApi: {
				environment: 'custom',
				baseUrl: woovi.url,
				appId: woovi.appId,
				webhookToken: tokens.woovi ?? '',
			},
		};
	}

	/**
	 * @param folder the demo's: its tokens stay the same, so that they fit the credentials of an earlier start
	 * @param publicUrl where n8n says that it is
	 * @param localUrl where it really is
	 */
	static async start(folder: string, publicUrl: string, localUrl: string): Promise<DemoProviders> {
		const { webhooks } = readDemo(folder);
		const tokens = senders.map(({ provider }) => [
			provider,
			webhooks[provider]?.token ?? randomBytes(24).toString('base64url'),
		]);
		// The samples are whole events already.
		const eventShape: GenVariants['eventShape'] = (_event, subject) =>
			isObject(subject) ? subject : {};
		const gen = await GenMockApi.start({ eventShape, hosts: { [publicUrl]: localUrl } });
		const gestaoOnline = await GestaoOnlineMockApi.start();
		// The n8n of the demo has no https address.
		const abacatePay = await AbacatePayMockApi.start({ needsPublicEndpoint: false });
		const woovi = await WooviMockApi.start({ hosts: { [publicUrl]: localUrl } });
		return new DemoProviders(gen, gestaoOnline, abacatePay, woovi, Object.fromEntries(tokens));
	}

	/** Delivers a sample as new. Those of Gen and Woovi go to where the trigger registered itself. */
	async deliver(sender: Sender, { event, payload }: Sample, url: string): Promise<Delivered> {
		const fresh = sender.freshIds(payload);
		if (sender.provider === 'gen') {
			const { id } = await this.gen.emit(event, fresh);
			await this.gen.idle();
			const sent = this.gen.notifications.findLast(({ event_id }) => event_id === id);
			const answer = sent ? `${sent.status ?? 'none'} to the mock API` : 'not registered';
			return { answer, isAccepted: sent?.status === 200 };
		}
		if (sender.provider === 'woovi') {
			const statuses = await this.woovi.emit(event, fresh);
			const answer = `${statuses.join(', ') || 'not registered'} to the mock API`;
			return { answer, isAccepted: statuses.join() === '200' };
		}
		if (sender.provider === 'gestaoOnline') {
			const { id, code = null } = objectAt(fresh, 'data');
			this.gestaoOnline.setOrder(String(id), { code });
		}
		const sent = sender.delivery(event, fresh, url, this.tokens[sender.provider]);
		const { status, body } = await request(sent);
		return { answer: `${status} ${body}`, isAccepted: body === '{"received":true}' };
	}

	async stop(): Promise<void> {
		const { gen, gestaoOnline, abacatePay, woovi } = this;
		await Promise.all([gen, gestaoOnline, abacatePay, woovi].map(async (api) => await api.stop()));
	}
}

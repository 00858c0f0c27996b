import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IHookFunctions,
	IHttpRequestOptions,
	WorkflowActivateMode,
} from 'n8n-workflow';
import type { DesiredWebhook, RegisteredWebhook } from '../../nodes/core/webhookApi';
import { request } from '../n8n/http.mts';
import { fakeNode, partly } from './fakeContext.mts';
import { httpError } from './fakeExecute.mts';

export const TARGET = 'https://n8n.example.com/webhook/1/webhook';
export const COPY_TARGET = 'https://copy.example.com/webhook/1/webhook';
export const ELSEWHERE = 'https://other.example.com/hook';

type LifecycleMethod = (this: IHookFunctions) => Promise<boolean>;

/** An account at a provider, as far as the registration of webhooks is concerned. */
export interface Account {
	/** The provider's trigger. */
	methods: Record<'checkExists' | 'create' | 'delete', LifecycleMethod>;
	credential(token: string): ICredentialDataDecryptedObject;
	/** Answers an authenticated request. Rejects as n8n does. */
	request(options: IHttpRequestOptions): Promise<unknown>;
	/** All webhooks with their tokens, in the order in which they were made. */
	registered(): RegisteredWebhook[];
	/** Adds a webhook that somebody else made. */
	add(webhook: DesiredWebhook): void;
	/** Changes a webhook's URL in the panel. */
	move(id: string, target: string): void;
	stop(): Promise<void>;
}

/** Sends a trigger's request to a mock API. */
export async function sendTo(
	{ method = 'GET', url, qs, body }: IHttpRequestOptions,
	authorization: string,
): Promise<unknown> {
	const address = new URL(url);
	for (const [name, value] of Object.entries(qs ?? {})) {
		address.searchParams.set(name, String(value));
	}
	const answer = await request({
		url: address.href,
		method,
		headers: { Authorization: authorization, 'Content-Type': 'application/json' },
		body: body === undefined ? undefined : JSON.stringify(body),
	});
	if (answer.status >= 300) throw httpError(answer.status, answer.json);
	return answer.json;
}

/** What n8n throws where there is no answer. */
export const unreachable = (): Error =>
	Object.assign(new Error('No answer'), { code: 'ECONNREFUSED' });

/** A trigger, as n8n runs its lifecycle methods. What it may change is what a user may. */
export class Trigger {
	events: string[] = ['*'];
	customEvents = '';
	token = 'a-token-0123456789-0123456789-012345';
	url = TARGET;
	name = 'Trigger';
	registration = 'automatic';
	/** How it is activated. */
	mode: WorkflowActivateMode = 'activate';
	/** What happens to a request on its way. */
	intercept?: (options: IHttpRequestOptions, send: () => Promise<unknown>) => Promise<unknown>;
	readonly logged: string[] = [];
	/** What was registered after each request. */
	readonly timeline: RegisteredWebhook[][] = [];

	constructor(
		public account: Account,
		private readonly staticData: Record<string, IDataObject> = {},
	) {}

	/** The same trigger in a copy of n8n's database. */
	copy(): Trigger {
		return new Trigger(this.account, structuredClone(this.staticData));
	}

	async activate(): Promise<void> {
		const { checkExists, create } = this.account.methods;
		if (!(await checkExists.call(this.context()))) await create.call(this.context());
	}

	async deactivate(): Promise<void> {
		await this.account.methods.delete.call(this.context());
	}

	private context(): IHookFunctions {
		const { account, events, customEvents, registration } = this;
		const parameters = new Map<string, unknown>(
			Object.entries({ events, customEvents, registration }),
		);
		const warn = (message: string) => void this.logged.push(message);
		return partly<IHookFunctions>({
			getNode: () => fakeNode({ name: this.name }),
			getWorkflow: () => ({ id: 'workflow-1', active: true }),
			getActivationMode: () => this.mode,
			getNodeWebhookUrl: () => this.url,
			getWorkflowStaticData: (type) =>
				(this.staticData[type === 'global' ? type : `node:${this.name}`] ??= {}),
			getNodeParameter: jest.fn().mockImplementation((name: string) => parameters.get(name) ?? ''),
			getCredentials: async <T extends object>() => account.credential(this.token) as T,
			logger: partly<IHookFunctions['logger']>({ warn }),
			helpers: partly<IHookFunctions['helpers']>({
				httpRequestWithAuthentication: async (_credential, options) => {
					const send = async () => await account.request(options);
					try {
						return await (this.intercept ? this.intercept(options, send) : send());
					} finally {
						this.timeline.push(account.registered());
					}
				},
			}),
		});
	}
}

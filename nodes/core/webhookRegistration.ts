import { createHash } from 'crypto';
import type { IHookFunctions } from 'n8n-workflow';
import { z } from 'zod';
import { describeError } from './activation';
import { callApi, httpStatus } from './api';
import { haveSameEvents, isAsDesired, readDesired, type Desired } from './desiredWebhooks';
import { NodeMemory } from './nodeMemory';
import type { CallApi, DesiredWebhook, RegisteredWebhook, WebhookApi } from './webhookApi';

const storedSchema = z.object({
	/** Empty where the provider's answer did not contain it. */
	id: z.string(),
	/** A hash of the account, events, target and token: it differs when one of them was changed. */
	fingerprint: z.string(),
	/** The account that the ID belongs to. */
	account: z.string(),
});

type Stored = z.infer<typeof storedSchema>;

/**
 * What the node remembers: webhooks by target URL, so that the test URL, the production URL and former addresses of n8n
 * never mix.
 */
const memorySchema = z.record(z.string(), z.array(storedSchema)).catch({});

/** What is to be done about a trigger's webhooks. */
export interface Plan {
	/** Those that are as desired. */
	kept: Stored[];
	missing: DesiredWebhook[];
	/** The trigger's own that are not, or no longer, desired. */
	outdated: RegisteredWebhook[];
}

/** Reconciles the desired, stored and remote webhooks of one trigger's URL. */
export class WebhookRegistration {
	private readonly memory: NodeMemory;

	private readonly name: string;

	private readonly call: CallApi;

	private constructor(
		private readonly context: IHookFunctions,
		private readonly webhookApi: WebhookApi,
		readonly desired: Desired,
		private readonly account: string,
	) {
		this.memory = new NodeMemory(context, 'registrations');
		this.name = webhookApi.api.displayName;
		this.call = async (call) => await callApi(context, webhookApi.api, call);
	}

	static async load(context: IHookFunctions, webhookApi: WebhookApi): Promise<WebhookRegistration> {
		const credential = await context.getCredentials(webhookApi.api.credential);
		const desired = readDesired(context, webhookApi, credential);
		const account = webhookApi.getAccount(credential);
		return new WebhookRegistration(context, webhookApi, desired, account);
	}

	private get storedByTarget() {
		return memorySchema.parse(this.memory.get());
	}

	/** What is stored for this URL in this account. */
	get stored(): Stored[] {
		const stored = this.storedByTarget[this.desired.target] ?? [];
		return stored.filter(({ account }) => account === this.account);
	}

	remember(stored: readonly Stored[]): void {
		const others = Object.entries(this.storedByTarget).filter(
			([target]) => target !== this.desired.target,
		);
		const here = stored.length > 0 ? [[this.desired.target, stored]] : [];
		this.memory.set(Object.fromEntries([...others, ...here]));
	}

	/** The account's webhooks; `undefined` where the API does not list them. */
	async list(): Promise<RegisteredWebhook[] | undefined> {
		const listed = await this.webhookApi.list(this.call).catch((error: unknown) => {
			if (this.isNotOffered(error)) return 'not offered' as const;
			throw error;
		});
		if (listed === 'not offered') return undefined;
		if (!listed) {
			this.log(`The list of webhooks from ${this.name} cannot be understood and is ignored.`);
		}
		return listed;
	}

	plan(listed: RegisteredWebhook[] | undefined): Plan {
		const plan: Plan = { kept: [], missing: [], outdated: this.findOwn(listed) };
		for (const webhook of this.desired.webhooks) {
			const index = plan.outdated.findIndex((own) => this.isCurrent(own, webhook));
			const [current] = index < 0 ? [] : plan.outdated.splice(index, 1);
			if (current) plan.kept.push(this.toStored(current.id, webhook));
			else plan.missing.push(webhook);
		}
		return plan;
	}

	/**
	 * This trigger's own webhooks: those with its URL, and no others. A stored ID counts only where the provider does not
	 * show the URL.
	 */
	findOwn(listed: RegisteredWebhook[] | undefined): RegisteredWebhook[] {
		const { stored, desired } = this;
		if (!listed) return stored.map(({ id }) => ({ id }));
		return listed.filter(({ id, target }) =>
			target === undefined ? stored.some((one) => one.id === id) : target === desired.target,
		);
	}

	/** Whether a webhook is as desired, or was registered so by this node: the provider may not show its token. */
	private isCurrent(webhook: RegisteredWebhook, desired: DesiredWebhook): boolean {
		const { fingerprint } = this.toStored(webhook.id, desired);
		return (
			isAsDesired(webhook, desired) ||
			this.stored.some((one) => one.id === webhook.id && one.fingerprint === fingerprint)
		);
	}

	private toStored(id: string, { events, target, token }: DesiredWebhook): Stored {
		const { account } = this;
		const fingerprint = createHash('sha256')
			.update(JSON.stringify([account, target, token, [...events].sort()]))
			.digest('hex');
		return { id, fingerprint, account };
	}

	/**
	 * Creates what is missing, then removes what is outdated; what is kept is not touched. Only what is in the way of a new
	 * webhook is removed just before. Each new one is remembered at once: if a later one fails, the next activation finds
	 * it.
	 */
	async apply(plan: Plan, listed: RegisteredWebhook[] | undefined): Promise<void> {
		this.checkRoom(plan, listed);
		const others = this.describeOthers(listed);
		const name = `n8n workflow ${this.context.getWorkflow().id}`;
		const kept = [...plan.kept];
		let outdated = plan.outdated;
		let total = listed?.length ?? 0;
		for (const webhook of plan.missing) {
			const twins = outdated.filter((one) => this.areTwins(one, webhook));
			const isFull = total - twins.length >= this.maxWebhooks;
			const inTheWay = isFull && twins.length === 0 ? outdated.slice(0, 1) : twins;
			for (const { id } of inTheWay) await this.remove(id);
			outdated = outdated.filter((one) => !inTheWay.includes(one));
			total += 1 - inTheWay.length;

			const id = await this.webhookApi.create(this.call, webhook, name);
			kept.push(this.toStored(id, webhook));
			const isLeft = (stored: Stored) => outdated.some((one) => one.id === stored.id);
			this.remember([...this.stored.filter(isLeft), ...kept]);
		}
		for (const line of others) this.log(line);
		await this.finish({ ...plan, kept, outdated });
	}

	private get maxWebhooks(): number {
		return this.webhookApi.maxWebhooks ?? Infinity;
	}

	/** Throws where the account cannot hold what is desired. */
	private checkRoom({ kept, missing, outdated }: Plan, listed: RegisteredWebhook[] = []): void {
		const needed = kept.length + missing.length;
		const others = Math.max(listed.length - kept.length - outdated.length, 0);
		if (needed + others <= this.maxWebhooks) return;
		throw new Error(
			`${this.name} allows ${this.maxWebhooks} webhooks in an account: this trigger needs ${needed}, and there are ${others} others. Select fewer events, or remove others in ${this.name}.`,
		);
	}

	/** Whether the API refuses one webhook while it has the other. */
	private areTwins({ events }: RegisteredWebhook, webhook: DesiredWebhook): boolean {
		if (!this.webhookApi.refusesTwins) return false;
		return events === undefined || haveSameEvents(events, webhook.events);
	}

	/** Remembers what is kept, and removes what is outdated. Failures are only logged: what is desired is there. */
	async finish({ kept, outdated }: Plan): Promise<void> {
		this.remember(kept);
		const ids = new Set(outdated.map(({ id }) => id));
		for (const { id } of kept) ids.delete(id);
		for (const id of ids) {
			await this.remove(id).catch((error: unknown) =>
				this.log(
					`The replaced webhook ${id} is still registered with ${this.name}: ${describeError(error)} ${this.ifNotNeeded}`,
				),
			);
		}
	}

	/** Removes this trigger's webhooks. Those that cannot be removed stay remembered, to be adopted. */
	async removeAll(listed: RegisteredWebhook[] | undefined): Promise<void> {
		const errors: unknown[] = [];
		const left = new Set<string>();
		for (const { id } of this.findOwn(listed)) {
			const isRemoved = await this.remove(id).catch((error: unknown) => {
				errors.push(error);
				return false;
			});
			if (!isRemoved) left.add(id);
		}
		for (const line of this.describeOthers(listed)) this.log(line);
		this.remember(this.stored.filter(({ id }) => left.has(id)));
		if (errors.length > 0) throw errors[0];
	}

	/** Removes a webhook. Resolves with false, and logs it, where the API does not offer removal. */
	private async remove(id: string): Promise<boolean> {
		const isRemoved =
			id !== '' &&
			(await this.webhookApi.remove(this.call, id).then(
				() => true,
				(error: unknown) => {
					if (this.isNotOffered(error)) return false;
					// It is gone already.
					if (httpStatus(error) === 404) return true;
					throw error;
				},
			));
		if (!isRemoved) {
			this.log(
				`${this.name} does not let n8n remove the webhook ${id || this.desired.target}. ${this.ifNotNeeded}`,
			);
		}
		return isRemoved;
	}

	private isNotOffered(error: unknown): boolean {
		const status = httpStatus(error) ?? 0;
		return this.webhookApi.isUndocumented === true && [404, 405, 501].includes(status);
	}

	/**
	 * Names what this node registered with another URL or in another account. It is not removed: the database may be a
	 * copy, and the webhook the original's.
	 */
	private describeOthers(listed: RegisteredWebhook[] | undefined): string[] {
		return Object.entries(this.storedByTarget).flatMap(([target, stored]) =>
			stored
				.filter(({ id, account }) => {
					const isListed = listed?.some((webhook) => webhook.id === id);
					// The same account, though its key has changed.
					if (account !== this.account) return !isListed;
					return target !== this.desired.target && isListed !== false;
				})
				.map(
					({ id, account }) =>
						`The webhook ${id || '(ID unknown)'} of ${target} stays registered in the ${this.name} account ${account}: another n8n may use it. ${this.ifNotNeeded}`,
				),
		);
	}

	private get ifNotNeeded(): string {
		return `If it is no longer needed, ${this.webhookApi.removalSteps}.`;
	}

	log(message: string): void {
		this.context.logger.warn(message, {
			node: this.context.getNode().name,
			workflowId: this.context.getWorkflow().id,
		});
	}
}

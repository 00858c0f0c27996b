/** Leads the webhooks' public-looking addresses to this machine. No other machine is ever called. */
export class HostMap {
	private readonly hosts = new Map<string, string>();

	/** @param hosts origins to call instead of others, by those */
	constructor(hosts: Readonly<Record<string, string>> = {}) {
		for (const [from, to] of Object.entries(hosts)) this.map(from, to);
	}

	/** From now on targets at the origin `from` are called at the origin `to`, with the Host header of `from`. */
	map(from: string, to: string): void {
		this.hosts.set(new URL(from).origin, new URL(to).origin);
	}

	/** The URL to call for a target, and the Host header to call it with. Throws where it is not on this machine. */
	resolve(target: string): { url: string; host: string } {
		const { origin, host, pathname, search } = new URL(target);
		const called = this.hosts.get(origin) ?? origin;
		const { hostname } = new URL(called);
		if (hostname !== 'localhost' && !/^127(\.\d+){3}$/.test(hostname)) {
			throw new Error(`${host} is not on this machine, and mapHost names no host for it.`);
		}
		return { url: `${called}${pathname}${search}`, host };
	}
}

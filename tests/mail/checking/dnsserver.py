"""A real DNS server on loopback."""

import socketserver
import threading
from contextlib import contextmanager

import dns.message
import dns.rcode
import dns.rrset


class Handler(socketserver.BaseRequestHandler):
    """A handler that answers a query with the server's records, or says that there are none."""

    def handle(self):
        data, sock = self.request
        query = dns.message.from_wire(data)
        answer = dns.message.make_response(query)
        question = query.question[0]
        name, kind = str(question.name).rstrip("."), dns.rdatatype.to_text(question.rdtype)
        records = self.server.records.get((name, kind), [])
        if records:
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *records))
        elif not any(known == name for known, _kind in self.server.records):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        sock.sendto(answer.to_wire(), self.client_address)


@contextmanager
def dns_server(records):
    """Run a DNS server with these records, keyed by name and kind. Yield its "address:port"."""
    with socketserver.ThreadingUDPServer(("127.0.0.1", 0), Handler) as server:
        server.records = records
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield f"127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()

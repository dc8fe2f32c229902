"""A browser without scripts: follows redirects, keeps cookies, reads forms and links, submits them. Standard library only."""
import http.client
import urllib.parse
from html.parser import HTMLParser


class Page(HTMLParser):
    """What a reader sees of a page: its text, its links, and its forms with the buttons that send them."""

    def __init__(self, url, status, markup):
        super().__init__()
        self.url, self.status, self.text, self.links, self.forms = url, status, "", {}, []
        self._button = self._link = None
        self.feed(markup)

    def handle_starttag(self, tag, attrs):
        attrs = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append({"action": attrs.get("action", ""), "method": attrs.get("method", "get").upper(),
                               "fields": {}, "buttons": []})
        elif tag == "a":
            self._link = attrs.get("href")
        elif self.forms and tag in ("button", "input") and (tag == "button" or attrs.get("type") == "submit"):
            self._button = {"label": attrs.get("value", "") if tag == "input" else "",
                            "set": {attrs["name"]: attrs.get("value", "")} if "name" in attrs else {}}
            self.forms[-1]["buttons"].append(self._button)
        elif self.forms and tag == "input" and "name" in attrs:
            if attrs.get("type") not in ("checkbox", "radio") or "checked" in attrs:
                self.forms[-1]["fields"][attrs["name"]] = attrs.get("value", "")

    def handle_endtag(self, tag):
        if tag == "button":
            self._button = None
        elif tag == "a":
            self._link = None

    def handle_data(self, data):
        self.text += data
        if self._button is not None:
            self._button["label"] += data.strip()
        if self._link is not None:
            self.links[self._link] = self.links.get(self._link, "") + data.strip()

    def form_with_button(self, label):
        for form in self.forms:
            for button in form["buttons"]:
                if label.lower() in button["label"].lower():
                    return form, button
        raise LookupError(f"no button {label!r} at {self.url}: {' '.join(self.text.split())[:400]!r}")


class Agent:
    """`stop` is an address that is not visited: the walk ends there, as a callback of nobody would."""

    def __init__(self, stop=None):
        self.cookies, self.page, self.stop, self.trace = {}, None, stop, []

    def visit(self, url, method="GET", fields=None):
        for _ in range(20):
            if self.stop and url.startswith(self.stop):
                self.page = Page(url, None, "")
                return self.page
            status, headers, body = self._send(method, url, fields)
            self.trace.append((status, method, url))
            if status not in (301, 302, 303, 307, 308):
                self.page = Page(url, status, body.decode("utf-8", "replace"))
                return self.page
            url = urllib.parse.urljoin(url, headers["location"])
            if status in (301, 302, 303):
                method, fields = "GET", None
        raise RuntimeError(f"too many redirects, the last to {url}")

    def follow(self, href):
        """Follows the link of the page with this address."""
        if href not in self.page.links:
            raise LookupError(f"no link to {href} at {self.page.url}, only to {list(self.page.links)}")
        return self.visit(urllib.parse.urljoin(self.page.url, href))

    def press(self, label, **fill):
        """Presses the button with this label, the inputs of its form filled in."""
        form, button = self.page.form_with_button(label)
        url = urllib.parse.urljoin(self.page.url, form["action"]) if form["action"] else self.page.url
        fields = {**form["fields"], **fill, **button["set"]}
        if form["method"] == "POST":
            return self.visit(url, "POST", fields)
        return self.visit(f"{url.split('?')[0]}?{urllib.parse.urlencode(fields)}")

    def _send(self, method, url, fields):
        parts = urllib.parse.urlsplit(url)
        # One jar a host name, whatever the port: that is how a browser keeps cookies.
        jar = self.cookies.setdefault(parts.hostname, {})
        headers = {"Accept": "text/html,*/*;q=0.8", "Connection": "close"}
        if jar:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in jar.items())
        body = None
        if fields is not None:
            body = urllib.parse.urlencode(fields)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Origin"] = f"{parts.scheme}://{parts.netloc}"
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
        connection.request(method, urllib.parse.urlunsplit(("", "", parts.path or "/", parts.query, "")), body, headers)
        response = connection.getresponse()
        data = response.read()
        connection.close()
        for line in response.headers.get_all("set-cookie") or []:
            name, _, value = line.split(";", 1)[0].partition("=")
            if value and "max-age=0" not in line.lower() and "01 jan 1970" not in line.lower().replace("-", " "):
                jar[name.strip()] = value.strip()
            else:
                jar.pop(name.strip(), None)
        return response.status, response.headers, data

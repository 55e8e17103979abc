<?php
// Pages that link here are on this machine, at any port. WordPress takes this file as one of its plug-ins.
add_filter('http_allowed_safe_ports', fn($ports, $host, $url) => [...$ports, parse_url($url, PHP_URL_PORT)], 10, 3);

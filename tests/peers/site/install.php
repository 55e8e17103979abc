<?php
// A new site with an owner, an editor by whose name Webspin writes, and a post. Prints what a test must know.
define('WP_INSTALLING', true);
mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
(new mysqli('localhost', 'wordpress', '', '', 0, getenv('SITE_SOCKET')))->query('CREATE DATABASE ' . getenv('SITE_NAME'));
require __DIR__ . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('A site', 'owner', 'owner@example.org', true, '', wp_generate_password());
update_option('comment_previously_approved', '0'); // who comments for the first time need not wait
update_option('permalink_structure', getenv('SITE_PERMALINKS'));
$us = wp_insert_user([
    'user_login' => 'brand', 'user_pass' => wp_generate_password(), 'display_name' => 'The brand',
    'user_email' => 'brand@example.org', 'role' => 'editor',
]);
[$password] = WP_Application_Passwords::create_new_application_password($us, ['name' => 'Webspin']);
wp_delete_comment(1, true);
wp_update_post(['ID' => 1, 'post_title' => 'Our soup', 'post_content' => 'We cook.']);
echo 'SITE ' . json_encode(['account' => 'brand', 'password' => $password]) . "\n";

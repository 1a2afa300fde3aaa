"""Which test shows which line of docs/ux.md, at a phone (390 × 844, with touch) and at a desk (1280 × 800).

A test that is named here really sits somebody down before a screen of that size: `shows_what_it_says` in
`conftest.py` holds it to it, and stops a run where a name has parameters that its test has not (any more);
`tests/test_ux_lines.py` holds that no line lacks one but those listed here.
"""

from collections.abc import Collection

from browser.viewer import DESKTOP, PHONE

PHONE_SHOWS: dict[int, str] = {
    1: "test_ann_opens_a_club_and_ben_is_heard_three_views_later[phone]",
    2: "test_a_wrong_code_opens_nothing_and_makes_no_account[phone]",
    3: "test_ann_opens_a_club_and_ben_is_heard_three_views_later[phone]",
    5: "test_with_a_finger_enter_breaks_the_line_and_the_button_sends",
    8: "test_an_upload_that_is_cut_says_so_and_goes_on_when_the_line_is_back[phone]",
    11: "test_ben_loses_his_line_and_both_lists_end_equal",
    12: "test_what_waits_survives_the_end_of_the_window_and_the_shell_opens_offline",
    13: "test_ben_loses_his_line_and_both_lists_end_equal",
    14: "test_on_a_phone_too_a_visit_begins_at_the_first_unread",
    19: "test_a_day_is_gone_to_from_the_phone_too",
    20: "test_a_picture_is_enlarged_and_saved_by_keyboard_alone[phone]",
    21: "test_a_long_press_opens_the_menu_of_a_message_on_a_phone",
    22: "test_a_long_press_opens_the_menu_of_a_message_on_a_phone",
    23: "test_the_number_on_the_app_is_that_of_the_side_and_the_title[phone]",
    24: "test_what_stands_below_the_screen_is_not_read",
    25: "test_keys_lead_to_any_room_and_to_the_next_unread_one[phone]",
    27: "test_one_is_asked_only_after_a_click_and_a_refusal_shows_its_cure[phone]",
    28: "test_a_muted_room_is_quiet_on_both_devices_until_one_says_otherwise",
    29: "test_from_a_notification_one_answers_and_marks_as_read_without_a_window",
    30: "test_who_writes_is_shown_to_others_and_gone_after_five_seconds",
    31: "test_a_card_changes_before_the_eyes_of_others_and_is_the_same_after_a_reload[phone]",
    32: "test_a_series_is_changed_in_one_day_from_one_day_on_or_as_a_whole[phone]",
    34: "test_the_stream_is_a_polite_log_that_does_not_read_history_aloud[phone]",
    35: "test_text_can_be_told_from_what_it_stands_on[phone-light]",
    36: "test_the_box_stays_in_view_over_the_keyboard_of_a_phone",
    37: "test_without_a_line_every_room_opens_with_its_last_messages_though_none_was_opened_here[phone]",
    38: "test_leaving_names_what_it_means_and_is_near[phone]",
    6: "test_with_fingers_one_calls_somebody_changes_answers_and_deletes_what_was_said",
    7: "test_with_fingers_one_calls_somebody_changes_answers_and_deletes_what_was_said",
    9: "test_with_fingers_one_calls_somebody_changes_answers_and_deletes_what_was_said",
    10: "test_with_fingers_one_calls_somebody_changes_answers_and_deletes_what_was_said",
    17: "test_on_a_phone_a_link_to_a_message_opens_around_it_and_lights_it_for_two_seconds",
    18: "test_with_fingers_one_calls_somebody_changes_answers_and_deletes_what_was_said",
}
DESKTOP_SHOWS: dict[int, str] = {
    1: "test_ann_opens_a_club_and_ben_is_heard_three_views_later[desktop]",
    2: "test_a_wrong_code_opens_nothing_and_makes_no_account[desktop]",
    3: "test_ann_opens_a_club_and_ben_is_heard_three_views_later[desktop]",
    4: "test_empty_places_say_what_to_do_next",
    5: "test_enter_sends_and_shift_enter_breaks_the_line_until_a_setting_swaps_them",
    6: "test_a_message_is_changed_by_menu_and_by_the_arrow_and_a_draft_waits_meanwhile",
    7: "test_who_is_picked_from_the_list_is_called_and_sees_a_number",
    8: "test_an_upload_that_is_cut_says_so_and_goes_on_when_the_line_is_back[desktop]",
    9: "test_each_room_keeps_its_own_draft_over_switching_and_reload",
    10: "test_a_text_that_is_too_long_is_counted_and_kept_and_cannot_be_sent",
    11: "test_ones_own_message_shows_at_once_as_on_its_way",
    12: "test_three_tabs_that_lose_their_line_freeze_and_die_lose_and_double_nothing",
    13: "test_a_short_cut_shows_no_banner_and_a_long_one_until_the_gap_is_filled",
    14: "test_a_visit_begins_at_the_first_unread_and_its_divider_stays",
    15: "test_what_comes_does_not_move_what_one_reads_and_is_counted",
    16: "test_older_pages_come_before_they_are_needed_and_the_row_stays",
    17: "test_a_link_to_a_message_opens_around_it_and_the_stream_goes_on_from_there",
    18: "test_what_is_deleted_leaves_a_line_and_nothing_that_it_said",
    19: "test_words_and_filters_find_what_was_said_and_lead_to_it",
    20: "test_a_picture_is_enlarged_and_saved_by_keyboard_alone[desktop]",
    21: "test_all_that_can_be_done_to_a_message_is_done_by_keyboard",
    22: "test_reactions_switch_at_once_and_tell_who_gave_them",
    23: "test_the_number_on_the_app_is_that_of_the_side_and_the_title[desktop]",
    24: "test_read_is_only_what_was_on_a_visible_screen",
    25: "test_keys_lead_to_any_room_and_to_the_next_unread_one[desktop]",
    26: "test_the_last_room_and_the_place_in_it_come_back",
    27: "test_one_is_asked_only_after_a_click_and_a_refusal_shows_its_cure[desktop]",
    28: "test_a_muted_room_is_quiet_on_both_devices_until_one_says_otherwise",
    29: "test_a_notification_leads_to_the_very_message_and_what_is_read_goes_from_the_screen",
    30: "test_who_writes_is_shown_to_others_and_gone_after_five_seconds",
    31: "test_a_card_changes_before_the_eyes_of_others_and_is_the_same_after_a_reload[desktop]",
    32: "test_a_series_is_changed_in_one_day_from_one_day_on_or_as_a_whole[desktop]",
    34: "test_the_stream_is_a_polite_log_that_does_not_read_history_aloud[desktop]",
    35: "test_text_can_be_told_from_what_it_stands_on[desk-light]",
    37: "test_without_a_line_every_room_opens_with_its_last_messages_though_none_was_opened_here[desktop]",
    38: "test_leaving_names_what_it_means_and_is_near[desktop]",
    39: "test_a_room_of_five_thousand_messages_is_read_back_through_a_thousand",
}
NOT_SHOWN = {"phone": {4, 15, 16, 26, 39}, "desktop": {36}}
"""Lines that no test shows at this size yet: the list may only become shorter."""
SHOWS = {"phone": PHONE_SHOWS, "desktop": DESKTOP_SHOWS}


def wanted_sizes(test: str) -> set[str]:
    """Before which sizes a test (by its whole name, with its parameters) has to sit somebody down."""
    plain = test.partition("[")[0]
    return {size for size, shows in SHOWS.items() if any(name in (test, plain) for name in shows.values())}


def not_there(collected: Collection[str]) -> set[str]:
    """Of the names above, those whose test was collected, but not with these parameters. `collected` = whole
    names, as `test_x[phone]`, with all the parameters that there are.
    """
    plain = {test.partition("[")[0] for test in collected}
    named = {name for shows in SHOWS.values() for name in shows.values()}
    here = {name for name in named if name.partition("[")[0] in plain}
    return {name for name in here if name not in (collected if "[" in name else plain)}


def size_of(seat: tuple[dict[str, int], bool]) -> set[str]:
    """Where somebody sits who has such a screen, and touches it or not."""
    screen, touched = seat
    if screen == PHONE and touched:
        return {"phone"}
    return {"desktop"} if screen == DESKTOP else set()

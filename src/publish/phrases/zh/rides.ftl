# 预约乘车：约车、自己的行程、司机的一天。
problem-ride-none = { $day } 没有可预约的乘车。
    .do = 请换一天，看看哪些日子有。
problem-ride-stop-unknown = “{ $stop }”不在预约乘车的站点之内。
    .do = 请从列表中选择站点。
problem-ride-stops-apart = 那一天，预约乘车不能从{ $from }到{ $to }。
    .do = 请选择同一项预约乘车的两个站点。
problem-ride-stops-same = 上下车是同一个站点。
    .do = 请另选一个下车站点。
problem-ride-steps = { $stop }有台阶，轮椅无法上下车。
    .do = 请选择无障碍站点。
problem-ride-plan-before = 那一天的预约乘车仍按原方案运行，不再接受新的预约。
    .do = 请预约别的日子。
problem-ride-busy = 现在预约的人太多。
    .do = 请过几秒再试。
problem-ride-day-full = 这一天已有 { $most } 个预约，已到上限。
    .do = 请换一天。
problem-ride-changed = 刚才给出的行程已经约不到了：时间已过，或位置已答应别人。
    .do = 请看现在能约到的，再确认。
problem-ride-token-used = 这个凭证已用于另一个行程。
    .do = 请重新询问，并使用新给出的凭证。
problem-ride-token = 这不是行程的凭证。
    .do = 请原样发送给出的凭证。
problem-ride-under-way = 车已经在来的路上，不能再取消。
    .do = 请告诉司机。
problem-ride-over = 这个行程已经结束。
    .do = 没有可取消的了。

ride-refused-notice = 太急了：请至少提前 { $minutes } 分钟预约。
ride-refused-too-late = 就算车停在站上，也来不及按时到达。
ride-refused-shift = 那段时间没有车可派；运行时间是 { $hours }，其间车辆轮流休息。
ride-refused-busy = 那个时间没有车能接您。
ride-refused-room = 人数太多，一辆车坐不下。
ride-refused-wheelchairs = 没有车能同时容纳轮椅和这么多人。

rides-title = 预约乘车
rides-none = 目前没有可预约的乘车。
rides-note = { $name }：{ $hours }，请至少提前 { $minutes } 分钟预约。
rides-hours = { $from }–{ $until }
rides-hours-next = { $from }–次日 { $until }
rides-no-name = 不需要姓名，也不需要电话。
rides-from = 上车站点
rides-to = 下车站点
rides-date = 日期
rides-time = 时间
rides-kind = 我想
rides-depart = 此时之后出发
rides-arrive = 在此时前到达
rides-wheelchair = 有轮椅
rides-ask = 看看能约到什么
rides-board-at = 在{ $stop }上车
rides-there-by = 最晚 { $time } 到
rides-window = 车在这段时间内到站；请在开始时就到站等候。
rides-take = 就这样约
rides-changed = 刚才给出的行程已经约不到了。
rides-nearest = 改为 { $time } 之后出发
rides-nearest-arrive = 改为 { $time } 前到达
rides-no-nearest = 前后一个半小时内也没有。请换一个时间。
rides-lines = 线路与时刻表
rides-own = 我的行程
rides-keep-link = 请保存这个链接：只有用它才能查看和取消行程。
rides-state = { $state ->
        [waiting] 已约好
        [coming] 车正在来
        [aboard] 途中
        [done] 已结束
       *[cancelled] 已取消
    }
rides-planned = 目前预计 { $time } 上车
rides-code = 给司机看的代码：{ $code }
rides-cancel = 取消行程
rides-another = 再约一次
rides-day = 预约乘车单
rides-day-none = 这一天没有人预约。
rides-day-rides = { $rides } 个行程
rides-people = { $people } 人
rides-day-nothing = 没有任务。
rides-day-board = 上车 { $people } 人：{ $codes }
rides-day-alight = 下车 { $people } 人：{ $codes }
rides-day-by = ≤：答应最晚那时到站；下车的，最晚那时已下车。
rides-day-seats = { $seats } 座
rides-day-aboard = 车上人数
rides-day-done = 已完成
rides-day-on-the-way = 前往中
rides-day-back = 最晚 { $time } 回到{ $depot }
rides-side-north = （北侧）
rides-side-south = （南侧）
rides-side-east = （东侧）
rides-side-west = （西侧）
rides-no-wheelchair = 这里的预约车目前不能载轮椅。
rides-day-cancel = 替乘客取消行程
rides-day-code = 代码
rides-day-cancel-note = 预约的人会在行程页面上看到原因。
rides-called-off = 运营方不得不取消这个行程。

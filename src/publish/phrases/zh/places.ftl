# 停车、场地、意见

problem-place-days = 看不懂日子“{ $days }”。
    .do = 请写每周的哪几天，如 daily、Mon-Fri、Sat,Sun 或 一三五；也可以写日期，如 2026-12-24。
problem-place-over = “{ $days }”都已经过去。
    .do = 请写今后的日期。
problem-place-clock = 这不是一天里的时刻。
    .do = 请写成 HH:MM，如 18:00；到达次日的，结束时刻写得早于开始时刻即可。
problem-place-number = 这里要填一个数。
    .do = 请只填数字，并留意上下限。
problem-place-form = 表单没有填完整。
    .do = 请返回上一页，填好后再提交。
problem-place-withdrawn = 这份申请已经撤回。
    .do = 如仍需要，请重新申请。
problem-place-too-many = 登记已满（上限 { $most } 份）。
    .do = 请与社区联系，或稍后再试。
problem-place-unknown = 没有“{ $home }”这个地点。
    .do = 请从列表中选一个地点，或写“经度 纬度”。
problem-parking-no-lots = 这个项目目前没有共享车位。
    .do = 请等停车场登记之后再申请。
problem-parking-lot-unknown = 没有这个停车场。
    .do = 请从停车场列表中选一个。
problem-parking-lot-not-left = 停车场“{ $lot }”不能给：{ $why ->
        [closed] 所需时段它不全开放
        [kind] 它没有所需的那种车位
       *[full] 所需时段里有的时候已经没有空位
    }。
    .do = 请换一个停车场，或先收回一个车位。
problem-parking-decision-incomplete = 决定不完整。
    .do = 同意时写停车场（lot），不同意时写理由（reason）。
problem-room-or-kind = 请写房间或类型，二者写一个。
    .do = 要某一间就写 room，哪一间都行就写 kind。
problem-room-none = 这个项目目前没有共享场地。
    .do = 请等场地登记之后再申请。
problem-comment-too-many = 这个站点一天内的未处理意见已满 { $most } 条。
    .do = 已有很多人反映，请明天再试。

room-refused = { $reason ->
        [no-room] 没有这个场地或这类场地
        [too-small] 座位不够
        [closed] 所申请的时段不开放
       *[taken] 该时段已被占用
    }

places-none = 没有。
places-send = 提交
places-more = 后面的
places-stop = 站点
places-state = 状态
places-reason = 理由
places-days = 哪几天
places-one-day = 或只要一天
places-days-weekly = 哪几天（每周的星期，或日期）
places-from = 从
places-to = 到
places-times = 时段
places-lot = 停车场
places-walk = 步行
places-metres = { $metres } 米
places-price = 每晚价格
places-people = 人数
places-people-n = { $people } 人
places-group = 团体名称
places-site = 地点
places-kind = 类型
places-who = 谁可以用
places-seats = { $seats } 座
places-seats-label = 座位数
places-asked = 所申请的
places-withdraw = 撤回
places-no-contact = 请不要写姓名、电话等个人信息。
places-no-plate = 也不需要车牌。
places-keep-link = 请保存下面的链接：只有用它才能看到结果。链接只显示这一次，丢了无法找回。

places-comment-title = 这个站点有什么问题？
places-comment-what = 哪里不对？
places-comment-thanks = 谢谢，已收到。
places-comment-own = 我的意见
places-comment-answer = 答复
places-comment-unanswered = 还没有答复。
places-comment-closed = 已处理，没有另作答复。
places-comment-do-answer = 答复
places-comment-do-close = 不答复，标为已处理
places-comment-do-open = 重新打开
places-comments = 站点意见
places-comments-open = 未处理
places-comments-done = 已处理

places-parking-title = 申请夜间共享车位
places-parking-lots-near = 有哪些停车场
places-parking-no-lots = 目前没有共享车位。
places-parking-area = 居民区
places-parking-how-far = 看看走过去多远
places-parking-walk = 步行约 { $metres } 米，{ $minutes } 分钟
places-parking-walk-note = 从居民区中心按直线加三成估计；分配时按实际道路计算。
places-parking-bays = { $bays } 个车位
places-parking-permits = 已给 { $permits } 辆车
places-parking-price-night = 每晚 { $price }
places-parking-apply = 申请
places-parking-elsewhere = 不在列表中
places-parking-at = 或者住处的经纬度
places-parking-at-note = 只保留到约 100 米的方格。
places-parking-max-walk = 最远步行（米）
places-parking-max-price = 每晚最高价（元，可不填）
places-parking-accessible = 需要无障碍车位
places-parking-charging = 需要充电
places-parking-within = 步行 { $metres } 米以内
places-parking-own = 我的车位申请
places-parking-thanks = 申请已收到。下一次方案公布后，这里会有结果。
places-parking-state = { $state ->
        [waiting] 等候中
        [granted] 已获车位
        [over] 已过期
        [refused] 未获车位
       *[withdrawn] 已撤回
    }
places-parking-rank = 候补第 { $rank } 位
places-parking-hints = 怎样就有车位
places-parking-leave-in-time = 请准时离场：车位的主人要回来。
places-parking-lots = 共享停车
places-parking-promise = 车位业主回来时没有位子的可能：每个停车场每天不超过 { $upper }（99% 上限）。
places-parking-limit = 业主同意的上限是 { $limit }。
places-parking-no-plan = 没有正在执行的方案。
places-parking-heat = 一周中每小时最多停了几辆；灰色为不出借
places-parking-requests = 申请
places-parking-requests-note = 由方案分配；方案公布后即为结果。也可以手工决定，手工决定优先于方案。
places-parking-form-link = 居民申请页面
places-parking-by-hand = 手工决定
places-parking-decide = 手工决定
places-parking-grant = 给这个停车场
places-parking-refuse = 不给

places-rooms-title = 共享场地
places-rooms-none = 目前没有共享场地。
places-rooms-free = 目前没有人占用。
places-rooms-taken = 已占用：
places-rooms-claim = 申请使用
places-rooms-first = 先到先得，马上有结果。
places-rooms-what = 场地
places-rooms-any = 任何一间：{ $kind }
places-rooms-offers = 场地与申请
places-rooms-offer = 提供一个场地
places-rooms-over = 已过期
places-rooms-remove = 不再提供
places-rooms-form-link = 申请页面
places-rooms-id = 编号
places-claims = 申请
places-claim-own = 我的场地申请
places-claim-state = { $state ->
        [granted] 已获准
        [over] 已过期
        [refused] 未获准
       *[withdrawn] 已撤回
    }
places-claim-next = 下一个有空的时段：
places-claim-again = 另选时段

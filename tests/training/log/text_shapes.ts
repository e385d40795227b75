/** The shape of a printed log, and what must be read from it: by name, values in the order of steps. */
export interface TextShape {
  readonly tool: string;
  readonly text: string;
  readonly steps: readonly number[];
  readonly metrics: Readonly<Record<string, readonly (number | undefined)[]>>;
}

/** Shapes of many tools. */
export const TEXT_SHAPES: readonly TextShape[] = [
  {
    tool: "nanoGPT",
    text: `found vocab_size = 65 (inside data/chars/meta.pkl)
number of parameters: 10.65M
step 0: train loss 4.2874, val loss 4.2823
iter 0: loss 4.2649, time 29573.90ms, mfu -100.00%
iter 10: loss 3.2438, time 18.27ms, mfu 20.40%
step 20: train loss 2.4614, val loss 2.5632
saving checkpoint to out-chars
iter 20: loss nan, time 18.24ms, mfu 20.40%
`,
    steps: [0, 10, 20],
    metrics: {
      "train loss": [4.2874, undefined, 2.4614],
      "val loss": [4.2823, undefined, 2.5632],
      loss: [4.2649, 3.2438, NaN],
      "time (ms)": [29573.9, 18.27, 18.24],
      mfu: [-100, 20.4, 20.4],
    },
  },
  {
    tool: "llm.c",
    text: `| num_parameters        | 124475904                                          |
val loss 4.510293
step    1/74 | loss 4.367857 (+nanz)| norm 3.4123 (+nanz)| lr 3.00e-04 | 79.91 ms | 45.2% bf16 MFU | 51252 tok/s
step    2/74 | loss 4.406481 (+0.21z)| norm 2.1231 (-0.1z)| lr 3.00e-04 | 76.74 ms | 46.0% bf16 MFU | 53,371 tok/s
val loss 4.301002
`,
    steps: [1, 2],
    metrics: {
      loss: [4.367857, 4.406481],
      norm: [3.4123, 2.1231],
      "loss (avg) (z)": [undefined, 0.21],
      "norm (avg) (z)": [undefined, -0.1],
      lr: [3e-4, 3e-4],
      "bf16 MFU": [45.2, 46],
      "val loss": [4.510293, 4.301002],
    },
  },
  {
    tool: "llm.c's main.log",
    text: "s:0 tel:11.0178\ns:0 trl:11.0012 lr:0.0e+00 norm:15.37\ns:250 eval:0.2446\n",
    steps: [0, 250],
    metrics: {
      tel: [11.0178],
      trl: [11.0012],
      lr: [0],
      norm: [15.37],
      eval: [undefined, 0.2446],
    },
  },
  {
    tool: "Megatron-LM",
    text: `  seed ............................................ 1234
 [2026-01-01 10:00:10] iteration        1/       9 | consumed samples:   8 | lm loss: 7.4E+00 | grad norm: 2.3 | number of skipped iterations:   0 | number of nan iterations:   0 |
[Rank 0] (after 1 iterations) memory (MB) | allocated: 6784.5 | max reserved: 9118.0
(min, max) time across ranks (ms):
    forward-backward ...............................: (402.21, 403.33)
 [2026-01-01 10:00:20] iteration        2/       9 | consumed samples:  16 | lm loss: 6.5E+00 | grad norm: nan | number of skipped iterations:   0 | number of nan iterations:   1 |
 validation loss at iteration 2 | lm loss value: 6.4E+00 | lm loss PPL: 6.0E+02 |
`,
    steps: [1, 2],
    metrics: {
      "consumed samples": [8, 16],
      "lm loss": [7.4, 6.5],
      "grad norm": [2.3, NaN],
      "number of skipped iterations": [0, 0],
      "number of nan iterations": [0, 1],
      rank: [0],
      allocated: [6784.5],
      "max reserved": [9118],
      "forward-backward[0] (ms)": [402.21],
      "forward-backward[1] (ms)": [403.33],
      "lm loss value": [undefined, 6.4],
      "lm loss PPL": [undefined, 600],
    },
  },
  {
    tool: "DeepSpeed",
    text:
      `[2026-01-01 10:00:00,123] [INFO] [logging.py:96:log_dist] [Rank 0] step=10, skipped=0, lr=[9.65e-06, 9.5e-06], mom=[(0.9, 0.95), (0.9, 0.95)]
[2026-01-01 10:00:05,123] [INFO] [timer.py:215:stop] epoch=0/micro_step=10/global_step=10, RunningAvgSamplesPerSec=12.3, MemAllocated=10.2GB
steps: 10 loss: 2.1234 iter time (s): 0.512 samples/sec: 12.3
`,
    steps: [10],
    metrics: {
      rank: [0],
      skipped: [0],
      "lr[0]": [9.65e-6],
      "lr[1]": [9.5e-6],
      "mom[0]": [0.9],
      "mom[1]": [0.95],
      "mom[2]": [0.9],
      "mom[3]": [0.95],
      micro_step: [10],
      RunningAvgSamplesPerSec: [12.3],
      "MemAllocated (GB)": [10.2],
      loss: [2.1234],
      "iter time (s)": [0.512],
      "samples/sec": [12.3],
    },
  },
  {
    tool: "rsl_rl",
    text: [0, 1].map((i) =>
      `${"#".repeat(80)}
                        Learning iteration ${i}/300

                       Computation: 22642${i} steps/s (collection: 0.414s, learning 0.165s)
             Mean action noise std: 1.0${i}
          Mean value_function loss: 0.0${i}6
               Mean surrogate loss: 0.000${i}
                       Mean reward: ${i}.71
${"-".repeat(80)}
                   Total timesteps: ${131072 * (i + 1)}
                    Iteration time: 0.58s
                      Time elapsed: 00:00:0${i}
                               ETA: 00:02:53
`
    ).join("\n"),
    steps: [0, 1],
    metrics: {
      "Computation (steps/s)": [226420, 226421],
      "collection (s)": [0.414, 0.414],
      "learning (s)": [0.165, 0.165],
      "Mean action noise std": [1, 1.01],
      "Mean value_function loss": [0.006, 0.016],
      "Mean surrogate loss": [0, 0.0001],
      "Mean reward": [0.71, 1.71],
      "Total timesteps": [131072, 262144],
      "Iteration time (s)": [0.58, 0.58],
    },
  },
  {
    tool: "ML-Agents",
    text:
      `[INFO] Ball. Step: 12000. Time Elapsed: 20.123 s. Mean Reward: 1.223. Std of Reward: 0.712. Training.
[INFO] Maze. Step: 12000. Time Elapsed: 21.5 s. Mean Reward: 7. Std of Reward: 0.5. Training.
[INFO] Ball. Step: 24000. Time Elapsed: 40.123 s. Mean Reward: 3.223. Std of Reward: 1.712. Training.
[INFO] Maze. Step: 24000. Time Elapsed: 41.5 s. No episode was completed since last summary. Training.
`,
    steps: [12000, 24000],
    metrics: {
      "Time Elapsed (s)": [21.5, 41.5],
      "line=INFO Ball Training/Mean Reward": [1.223, 3.223],
      "line=INFO Maze Training/Mean Reward": [7],
      "line=INFO Ball Training/Std of Reward": [0.712, 1.712],
      "line=INFO Maze Training/Std of Reward": [0.5],
    },
  },
  {
    tool: "LightGBM",
    text: `[LightGBM] [Info] Total Bins 255
[10]\ttraining's l2: 0.123\tvalid_1's l2: 0.223
[20]\ttraining's l2: 0.103\tvalid_1's l2: 0.203
`,
    steps: [10, 20],
    metrics: { "training's l2": [0.123, 0.103], "valid_1's l2": [0.223, 0.203] },
  },
  {
    tool: "XGBoost",
    text: "[0]\ttrain-rmse:0.48230\teval-rmse:0.48512\n[1]\ttrain-rmse:0.371\teval-rmse:nan\n",
    steps: [0, 1],
    metrics: { "train-rmse": [0.4823, 0.371], "eval-rmse": [0.48512, NaN] },
  },
  {
    tool: "CatBoost",
    text: `0:\tlearn: 0.6812\ttest: 0.6823\tbest: 0.6823 (0)\ttotal: 50.1ms\tremaining: 50s
10:\tlearn: 0.5812\ttest: 0.5923\tbest: 0.5923 (10)\ttotal: 450ms\tremaining: 40.5s
`,
    steps: [0, 10],
    metrics: {
      learn: [0.6812, 0.5812],
      test: [0.6823, 0.5923],
      best: [0.6823, 0.5923],
      "best (avg)": [0, 10],
      "total (ms)": [50.1, 450],
      "remaining (s)": [50, 40.5],
    },
  },
  {
    tool: "fairseq",
    text: `2026-01-01 10:00:01 | INFO | fairseq_cli.train | num. shared model params: 60,526,592
2026-01-01 10:01:00 | INFO | train_inner | epoch 001:    100 / 1000 loss=12.105, ppl=4020.1, wps=31234.5, num_updates=100, lr=1.25e-05, train_wall=47, wall=60
2026-01-01 10:10:10 | INFO | valid | epoch 001 | valid on 'valid' subset | loss 9.5 | ppl 588.13 | wps 90000 | num_updates 1000
2026-01-01 10:10:12 | INFO | fairseq.checkpoint_utils | Preparing to save checkpoint for epoch 1 @ 1000 updates
2026-01-01 10:10:13 | INFO | train | epoch 001 | loss 10.9 | ppl 1448 | wps 31000 | num_updates 1000 | lr 0.000125 | train_wall 470 | wall 613
`,
    steps: [100, 1000],
    metrics: {
      "train_inner/loss": [12.105],
      "valid/loss": [undefined, 9.5],
      "train/loss": [undefined, 10.9],
      "train_inner/ppl": [4020.1],
      "valid/ppl": [undefined, 588.13],
      "train/ppl": [undefined, 1448],
      wps: [31234.5, 31000],
      lr: [1.25e-5, 0.000125],
      train_wall: [47, 470],
      wall: [60, 613],
    },
  },
  {
    tool: "the ImageNet example",
    text:
      `Epoch: [0][   0/5005]\tTime  6.123 ( 6.123)\tData  3.111 ( 3.111)\tLoss 6.9989e+00 (6.9989e+00)\tAcc@1   0.00 (  0.00)
Epoch: [0][  10/5005]\tTime  0.223 ( 0.823)\tData  0.011 ( 0.311)\tLoss 6.9555e+00 (6.9789e+00)\tAcc@1   0.39 (  0.11)
Test: [  0/196]\tTime  1.5 ( 1.5)\tLoss 6.8e+00 (6.8e+00)\tAcc@1   1.5 (  1.5)
 *   Acc@1 12.345 Acc@5 30.123
Epoch: [1][   0/5005]\tTime  6.1 ( 6.1)\tData  3.1 ( 3.1)\tLoss 5.9e+00 (5.9e+00)\tAcc@1   2.00 (  2.00)
`,
    steps: [0, 10, 5005],
    metrics: {
      Time: [1.5, 0.223, 6.1],
      "Time (avg)": [1.5, 0.823, 6.1],
      Data: [3.111, 0.011, 3.1],
      "Data (avg)": [3.111, 0.311, 3.1],
      Loss: [6.9989, 6.9555, 5.9],
      "test/Loss": [6.8],
      "Loss (avg)": [6.9989, 6.9789, 5.9],
      "test/Loss (avg)": [6.8],
      "Acc@1": [0, 0.39, 2],
      "test/Acc@1": [1.5],
      "line=*/Acc@1": [12.345],
      "Acc@1 (avg)": [0, 0.11, 2],
      "test/Acc@1 (avg)": [1.5],
      "Acc@5": [30.123],
    },
  },
  {
    tool: "PyTorch's MNIST example",
    text: `Train Epoch: 1 [0/60000 (0%)]\tLoss: 2.282550
Train Epoch: 1 [640/60000 (1%)]\tLoss: 1.389392

Test set: Average loss: 0.0500, Accuracy: 9833/10000 (98%)

Train Epoch: 2 [0/60000 (0%)]\tLoss: 0.150203
`,
    steps: [0, 640, 60000],
    metrics: {
      Loss: [2.28255, 1.389392, 0.150203],
      "Average loss": [undefined, 0.05],
      Accuracy: [undefined, 9833],
      "Accuracy total": [undefined, 10000],
      "Accuracy (%)": [undefined, 98],
    },
  },
  {
    tool: "a tutorial",
    text: `Epoch [1/2], Step [100/600], Loss: 0.5423
Epoch [1/2], Step [600/600], Loss: 0.3423
Epoch [2/2], Step [100/600], Loss: 0.2423
`,
    steps: [100, 600, 700],
    metrics: { Loss: [0.5423, 0.3423, 0.2423] },
  },
  {
    tool: "a loop over epochs",
    text: `Epoch 1, Loss: 0.512, Acc: 91.2%
Epoch 2, Loss: 0.412, Acc: 92.2%
Epoch 3, Loss: 0.312. Acc: 93.2%.
`,
    steps: [1, 2, 3],
    metrics: { Loss: [0.512, 0.412, 0.312], Acc: [91.2, 92.2, 93.2] },
  },
  {
    tool: "colors",
    text:
      "\u001b[32mstep 1 loss 0.5\u001b[0m\n\u001b[38;2;1;2;3mstep 2\u001b[m loss \u001b[1m0.4\n",
    steps: [1, 2],
    metrics: { loss: [0.5, 0.4] },
  },
  {
    tool: "Keras 2",
    text:
      "Epoch 1/2\n\r  1/313 [......] - ETA: 5:00 - loss: 2.3301\r313/313 [======] - 2s 5ms/step - " +
      "loss: 0.5301 - val_loss: 0.3\nEpoch 2/2\n  1/313 [..] - ETA: 1s - loss: 0.3" +
      "\b".repeat(40) +
      "313/313 [======] - 1s 4ms/step - loss: 0.2301 - val_loss: 0.2\n",
    steps: [313, 626],
    metrics: { loss: [0.5301, 0.2301], val_loss: [0.3, 0.2] },
  },
  {
    tool: "Keras 3",
    text: `Epoch 1/2
\u001b[1m313/313\u001b[0m \u001b[32m━━━━━━━━\u001b[0m \u001b[1m2s\u001b[0m 5ms/step - accuracy: 0.8138 - loss: 0.5301
Epoch 2/2
\u001b[1m313/313\u001b[0m \u001b[32m━━━━━━━━\u001b[0m \u001b[1m1s\u001b[0m 4ms/step - accuracy: 0.9138 - loss: 0.2301
`,
    steps: [313, 626],
    metrics: { accuracy: [0.8138, 0.9138], loss: [0.5301, 0.2301] },
  },
  {
    tool: "tqdm and Lightning",
    text:
      "Epoch 0:   0%|          | 0/10 [00:00<?, ?it/s]\rEpoch 0: 100%|████| 10/10 [00:05<00:00,  1.9it/s, " +
      "v_num=3, train_loss=0.5]\nEpoch 1: 100%|████| 10/10 [00:05<00:00,  1.9it/s, v_num=3, train_loss=0.4]\n",
    steps: [10, 20],
    metrics: { v_num: [3, 3], train_loss: [0.5, 0.4] },
  },
  {
    tool: "Detectron2",
    text:
      `[08/01 10:00:00 d2.utils.events]:  eta: 0:10:00  iter: 19  total_loss: 1.234  loss_cls: 0.567  time: 0.3012  max_mem: 2000M
[08/01 10:00:10 d2.utils.events]:  eta: 0:09:50  iter: 39  total_loss: 1.134  loss_cls: 0.467  time: 0.3012  max_mem: 2000M
`,
    steps: [19, 39],
    metrics: {
      total_loss: [1.234, 1.134],
      loss_cls: [0.567, 0.467],
      time: [0.3012, 0.3012],
      "max_mem (M)": [2000, 2000],
    },
  },
  {
    tool: "MMCV",
    text:
      `2026-01-01 10:00:00,123 - mmdet - INFO - Epoch [1][50/100]\tlr: 1.978e-03, eta: 1 day, 7:01:03, time: 0.345, memory: 3812, loss: 5.1
2026-01-01 10:00:20,123 - mmdet - INFO - Epoch [1][100/100]\tlr: 3.978e-03, eta: 7:01:03, time: 0.345, memory: 3812, loss: 4.1
2026-01-01 11:00:40,123 - mmdet - INFO - Epoch [2][50/100]\tlr: 1.978e-02, eta: 6:01:03, time: 0.345, memory: 3812, loss: 3.1
`,
    steps: [50, 100, 150],
    metrics: {
      lr: [1.978e-3, 3.978e-3, 1.978e-2],
      time: [0.345, 0.345, 0.345],
      memory: [3812, 3812, 3812],
      loss: [5.1, 4.1, 3.1],
    },
  },
  {
    tool: "torchtune",
    text:
      `Step 1 | loss:2.4135751724243164 lr:2e-05 tokens_per_second_per_gpu:1322.2 peak_memory_active:15.9
Step 2 | loss:2.3135751724243164 lr:2e-05 tokens_per_second_per_gpu:1422.2 peak_memory_active:15.9
`,
    steps: [1, 2],
    metrics: {
      loss: [2.4135751724243164, 2.3135751724243164],
      lr: [2e-5, 2e-5],
      tokens_per_second_per_gpu: [1322.2, 1422.2],
      peak_memory_active: [15.9, 15.9],
    },
  },
  {
    tool: "CleanRL",
    text:
      "global_step=512, episodic_return=[21.]\nSPS: 1200\nglobal_step=700, episodic_return=18.0\n",
    steps: [512, 700],
    metrics: { episodic_return: [21, 18], SPS: [1200] },
  },
  {
    tool: "YOLO",
    text: [1, 2].map((epoch) =>
      `      Epoch    GPU_mem   box_loss  Instances       Size
        ${epoch}/3      1.21G      1.${epoch}45         20        640: 100%|██████████| 10/10 [00:05<00:00,  1.90it/s]
                 Class     Images  Instances      mAP50: 100%|██████████| 1/1 [00:00<00:00,  2.0it/s]
                   all        128        929      0.60${epoch}
`
    ).join("\n"),
    steps: [1, 2],
    metrics: {
      "GPU_mem (G)": [1.21, 1.21],
      box_loss: [1.145, 1.245],
      "line=Epoch GPU_mem/Instances": [20, 20],
      "line=all/Instances": [929, 929],
      Size: [640, 640],
      Images: [128, 128],
      mAP50: [0.601, 0.602],
    },
  },
  {
    tool: "spaCy",
    text: `E    #       LOSS TOK2VEC  LOSS NER  ENTS_F
---  ------  ------------  --------  ------
  0       0          0.00     46.90    0.00
  1     200         12.34   1234.50   65.20
`,
    steps: [0, 200],
    metrics: { "LOSS TOK2VEC": [0, 12.34], "LOSS NER": [46.9, 1234.5], ENTS_F: [0, 65.2] },
  },
  {
    tool: "fastai, blanks and bars",
    text: "epoch     train_loss  time\n0         0.512341    00:10\n1         0.412341    00:09\n",
    steps: [0, 1],
    metrics: { train_loss: [0.512341, 0.412341] },
  },
];
